"""Pinned lists of programs that scope treats specially; lower-case `app_id`s.

Names are WM_CLASS classes of the programs' Debian 12 and upstream packages (their
desktop files' StartupWMClass), and process names where a prompt sets no class.
"""

from typing import Final

_COMM_CHARS: Final = 15
"""A process name is cut to so many characters (proc(5), TASK_COMM_LEN)."""


def _with_short(names: set[str]) -> frozenset[str]:
    """Give the names and what the system makes of long ones."""
    return frozenset(names) | {name[:_COMM_CHARS] for name in names}


ALIASES: Final = {
    "chromium-browser": "chromium",
    "google-chrome-stable": "google-chrome",
    "firefox-esr": "firefox",
    "navigator": "firefox",
    "uxterm": "xterm",
    "org.gnome.terminal": "gnome-terminal",
    "gnome-terminal-server": "gnome-terminal",
    "gnome-terminal-": "gnome-terminal",
}
"""Names of one program, so that one entry of the scope means all of them."""

BROWSERS: Final = frozenset({
    "brave-browser", "chromium", "epiphany", "falkon", "firefox", "floorp", "google-chrome",
    "google-chrome-beta", "google-chrome-unstable", "konqueror", "librewolf", "microsoft-edge",
    "msedge", "midori", "mullvad-browser", "opera", "org.gnome.epiphany", "org.kde.falkon",
    "palemoon", "qutebrowser", "seamonkey", "thorium-browser", "ungoogled-chromium", "vivaldi",
    "vivaldi-stable", "waterfox", "zen", "zen-browser",
})  # fmt: skip
"""Programs whose content is a site's: taken only where accessibility tells the site."""

TERMINALS: Final = frozenset({
    "alacritty", "com.mitchellh.ghostty", "foot", "ghostty", "gnome-terminal", "guake", "kgx",
    "kitty", "konsole", "lxterminal", "mate-terminal", "org.gnome.console", "org.gnome.ptyxis",
    "org.kde.konsole", "org.wezfurlong.wezterm", "qterminal", "rxvt", "st", "st-256color",
    "terminator", "tilix", "urxvt", "wezterm", "x-terminal-emulator", "xfce4-terminal", "xterm",
    "yakuake",
})  # fmt: skip
"""Terminal emulators: the field is told by the terminal's own state."""

PROMPTS: Final = _with_short({
    "deepin-polkit-agent", "dde-polkit-agent", "gcr-prompter",
    "gcr4-ssh-askpass", "gksu", "gksudo", "gnome-keyring-ask",
    "gnome-keyring-prompt", "gnome-ssh-askpass", "gnome-ssh-askpass2",
    "gnome-ssh-askpass3", "kdesu", "ksshaskpass", "kwalletd", "kwalletd5", "kwalletd6", "lxpolkit",
    "lxqt-openssh-askpass", "lxqt-policykit-agent", "mate-polkit", "pinentry", "pinentry-bemenu", "pinentry-efl",
    "pinentry-fltk", "pinentry-gnome3", "pinentry-gtk", "pinentry-gtk-2", "pinentry-qt",
    "pinentry-qt4", "pinentry-qt5",
    "pinentry-qt6", "pinentry-rofi", "pinentry-x11", "pkexec", "polkit-agent-helper-1",
    "polkit-dumb-agent", "policykit-agent", "polkit-gnome-authentication-agent-1",
    "polkit-kde-authentication-agent-1", "polkit-mate-authentication-agent-1", "seahorse",
    "ssh-askpass", "systemd-ask-password", "x11-ssh-askpass", "xfce-polkit", "xfce4-polkit",
})  # fmt: skip
"""Programs that ask for passwords and PINs: never taken, and the gate says secure."""

LOCK_SCREENS: Final = _with_short({
    "alock", "betterlockscreen", "budgie-screensaver", "cinnamon-screensaver", "deepin-lock",
    "dde-lock", "gtklock", "hyprlock", "i3lock-color", "i3lock-fancy", "lxlock", "sflock",
    "ukui-screensaver", "waylock", "xsecurelock-auth", "gnome-screensaver", "i3lock", "kscreenlocker",
    "kscreenlocker_greet", "light-locker", "lightdm-gtk-greeter", "mate-screensaver", "physlock",
    "slock", "swaylock", "vlock", "xfce4-screensaver", "xlock", "xscreensaver",
    "xscreensaver-auth", "xscreensaver-gfx", "xsecurelock", "xtrlock",
})  # fmt: skip
"""While one of these shows, whatever is typed is a password."""

PASSWORD_MANAGERS: Final = _with_short({
    "1password", "authenticator", "authpass", "bitwarden", "bitwarden-desktop", "buttercup",
    "com.belmoussaoui.authenticator", "com.bitwarden.desktop", "com.github.bilelmoussaoui.authenticator",
    "dashlane", "enpass", "ente-auth", "goldwarden", "gopass-ui", "kbpm", "keepass", "keepass2", "keepassx", "keepassx2", "keepassxc", "keeper", "keeperpasswordmanager", "keeweb",
    "keysmith",
    "kwalletmanager", "kwalletmanager5", "lastpass", "nordpass", "onepassword", "org.gnome.passwordsafe", "org.gnome.seahorse.application",
    "org.kde.keysmith", "org.kde.kwalletmanager5", "password-gorilla", "password-safe", "pwsafe",
    "passwordsafe",
    "org.gnome.world.secrets", "org.keepassxc.keepassxc", "otpclient", "padloc", "passbolt", "passky", "proton-pass", "psono", "revelation", "rofi-pass",
    "roboform",
    "qtpass", "secrets", "spectre", "yubico-authenticator", "yubioath-desktop",
})  # fmt: skip
"""Vaults and one-time-code programs: never taken."""

CONVERSATIONS: Final = frozenset({
    "balsa", "betterbird", "claws-mail", "discord", "dino", "element", "evolution", "fractal",
    "geary", "hexchat", "jitsi-meet", "kmail", "mailspring", "mattermost", "microsoft-teams",
    "mutt", "nheko", "org.gnome.evolution", "org.gnome.geary", "pidgin", "polari", "quassel",
    "rocket.chat", "signal", "skype", "slack", "sylpheed", "teams", "teams-for-linux",
    "telegram-desktop", "telegramdesktop", "thunderbird", "thunderbird-esr", "trojita", "viber",
    "webex", "wechat", "whatsapp", "wire", "zoom", "zulip",
})  # fmt: skip
"""Chat, mail and meeting programs: other people's words, `layout` at most."""

CONVERSATION_HOSTS: Final = frozenset({
    "app.slack.com", "chat.google.com", "discord.com", "mail.google.com", "mail.proton.me",
    "mail.yahoo.com", "meet.google.com", "meet.jit.si", "messages.google.com", "outlook.live.com",
    "outlook.office.com", "outlook.office365.com", "teams.live.com", "teams.microsoft.com",
    "telegram.org", "web.telegram.org", "web.whatsapp.com", "whatsapp.com", "zoom.us",
})  # fmt: skip
"""Sites of the same sort."""

PRIVATE_MARKS: Final = (
    "(incogn", "(incógn", "(inkogn", "(in incognito", "(anônim", "(anonym", "(анонімн",
    "(ανώνυμ", "(инкогнит", "(режим инкогнито", "(режим анон", "(gizli", "(ẩn danh",
    "(navegação anón", "(无痕", "(無痕", "(隐身", "(シークレット", "(시크릿",
    "tryb prywatny", "navegação privativa", "приватный просмотр", "приватний перегляд",
    "поверително сърфиране", "ιδιωτική περιήγηση", "プライベートブラウジング", "隐私浏览", "隱私瀏覽",
    "사생활 보호 모드", "privat surfning", "privat browsing", "privat nettlesing",
    "yksityinen selaus", "anonymní prohlížení", "súkromné prehliadanie", "privát böngészés",
    "navigare privată", "navegació privada", "penjelajahan pribadi", "gizli gezinti",
    "privates fenster", "(inprivate", "[inprivate]", "- inprivate", "private browsing",
    "privater modus", "navigation privée", "navegación privada", "navegação privada",
    "navigazione anonima", "privénavigatie", "private window", "(guest)", "(gast)",
    "- private -", "private —",
)  # fmt: skip
"""What a private or guest window's title or accessible name holds: in lower case,
composed, with narrow brackets.

Chromium's frame name ends in "(Incognito)" (measured with Chromium 15x, with and without
renderer accessibility); Firefox's title ends in "Private Browsing"; Edge's in "InPrivate".
"""
