"""Pinned lists of programs that scope treats specially; lower-case `app_id`s.

Names are WM_CLASS classes of the programs' Debian 12 and upstream packages (their
desktop files' StartupWMClass), and process names where a prompt sets no class.
"""

from typing import Final

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

PROMPTS: Final = frozenset({
    "gcr-prompter", "gnome-keyring-prompt", "gnome-ssh-askpass", "gnome-ssh-askpass2",
    "gnome-ssh-askpass3", "kdesu", "ksshaskpass", "kwalletd5", "kwalletd6", "lxpolkit",
    "lxqt-openssh-askpass", "lxqt-policykit-agent", "mate-polkit", "pinentry", "pinentry-efl",
    "pinentry-fltk", "pinentry-gnome3", "pinentry-gtk", "pinentry-gtk-2", "pinentry-qt",
    "pinentry-qt5", "pinentry-x11", "polkit-gnome-authentication-agent-1",
    "polkit-kde-authentication-agent-1", "polkit-mate-authentication-agent-1", "seahorse",
    "ssh-askpass", "x11-ssh-askpass", "xfce-polkit",
})  # fmt: skip
"""Programs that ask for passwords and PINs: never taken, and the gate says secure."""

LOCK_SCREENS: Final = frozenset({
    "betterlockscreen", "cinnamon-screensaver", "gnome-screensaver", "i3lock", "kscreenlocker",
    "kscreenlocker_greet", "light-locker", "lightdm-gtk-greeter", "mate-screensaver", "physlock",
    "slock", "swaylock", "vlock", "xfce4-screensaver", "xlock", "xscreensaver",
    "xscreensaver-auth", "xscreensaver-gfx", "xsecurelock", "xtrlock",
})  # fmt: skip
"""While one of these shows, whatever is typed is a password."""

PASSWORD_MANAGERS: Final = frozenset({
    "1password", "authenticator", "authpass", "bitwarden", "buttercup", "com.belmoussaoui.authenticator",
    "dashlane", "enpass", "gopass-ui", "kbpm", "keepass", "keepass2", "keepassx", "keepassxc",
    "kwalletmanager", "kwalletmanager5", "lastpass", "nordpass", "org.gnome.seahorse.application",
    "org.gnome.world.secrets", "org.keepassxc.keepassxc", "padloc", "passky", "proton-pass",
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
    "(incognito)", "(inkognito)", "(navigation privée)", "(incógnito)", "(anônima)",
    "(in incognito)", "(инкогнито)", "(无痕模式)", "(シークレット)", "(시크릿)", "(anonym)",
    "(inprivate)", "[inprivate]", "- inprivate", "private browsing", "privater modus",
    "navigation privée", "navegación privada", "navegação privada", "navigazione anonima",
    "privénavigatie", "private window", "(guest)", "(gast)", "- private -", "private —",
)  # fmt: skip
"""What a private or guest window's title or accessible name holds, in lower case.

Chromium's frame name ends in "(Incognito)" (measured with Chromium 15x, with and without
renderer accessibility); Firefox's title ends in "Private Browsing"; Edge's in "InPrivate".
"""
