"""Words of interfaces: programs, menus, labels, greetings; written for this generator."""

from typing import Final

GREETINGS: Final = (
    "hi|hey|hello|dear|good morning|good evening|hola|hallo|bonjour|ciao|liebe|lieber|hej|cher|chère|querida|morning|yo|"
    "Hi|Hello|Hey|Dear|Hallo|Bonjour|Ciao|Hola|Guten Tag|Guten Morgen|Estimado|Caro|Cara|Hej|Hei|Beste|Kedves|Dobrý den|"
    "Cześć|Ahoj|Olá|Salut|Servus|Moin|Grüß dich|Dag|Good afternoon|Привет|Здравствуйте|Merhaba|Γεια σου|Buenos días|Buongiorno"
).split("|")
FAREWELLS: Final = (
    "thanks|cheers|regards|best|Best regards|Kind regards|Warm regards|Sincerely|Yours sincerely|Yours|Thx|Thanks|Thank you|"
    "Mit freundlichen Grüßen|Viele Grüße|Liebe Grüße|Beste Grüße|Cordialement|Bien à vous|Saludos|Un saludo|Cordiali saluti|"
    "Groeten|Med vänlig hälsning|Mvh|Vh|Pozdrawiam|Thanks a lot|Many thanks|BR|LG|VG|Love|xoxo|Cheers|Warmly|Take care|See you|"
    "Obrigado|Abraços|Hilsen|Terveisin|Üdv|S pozdravem|Best wishes|All the best|Thanks in advance,"
).split("|")
RELATIVES: Final = (
    "wife|husband|partner|son|daughter|brother|sister|mother|father|mum|mom|dad|boss|friend|colleague|kid|child|cousin|uncle|"
    "aunt|neighbour|doctor|lawyer|boyfriend|girlfriend|grandson|niece|nephew|flatmate|teacher|manager|landlord|fiancé|spouse"
).split("|")
DEVICES: Final = "iPhone|iPad|MacBook|MacBook Pro|laptop|PC|phone|AirPods|Watch|TV|printer|Galaxy|Pixel|room|workspace|team|Mac mini|computer".split(
    "|"
)
APPS: Final = (
    "Outlook|Word|Excel|PowerPoint|Slack|Microsoft Teams|Teams|Zoom|Skype|Google Chrome|Chrome|Mozilla Firefox|Firefox|Chromium|"
    "Notion|Figma|Jira|GitHub|GitLab|Bitbucket|Visual Studio Code|Terminal|Finder|Files|Thunderbird|Mozilla Thunderbird|"
    "LinkedIn|WhatsApp|WhatsApp Web|Telegram|Signal|Discord|Salesforce|HubSpot|Confluence|Google Docs|Google Sheets|Google Drive|"
    "Preview|Acrobat Reader|Safari|Edge|Spotify|Calendar|Photos|Notepad|Notepad++|IntelliJ IDEA|PyCharm|Xcode|Docker Desktop|"
    "Postman|Trello|Asana|Zendesk|SAP|SAP GUI|Workday|Personio|DATEV|Evernote|OneNote|Photoshop|GIMP|LibreOffice Writer|"
    "LibreOffice Calc|Gmail|Yahoo Mail|Proton Mail|iCloud|Messenger|Facebook|Instagram|X|Reddit|YouTube|Wikipedia|Amazon|eBay|"
    "1Password|Bitwarden|KeePassXC|Online Banking|PayPal|Stripe|Shopify|Xero|QuickBooks|Dropbox|OneDrive|SharePoint|Miro|"
    "Linear|ClickUp|Monday|Basecamp|Freshdesk|ServiceNow|Dynamics 365|Zoho CRM|Pipedrive|Greenhouse|Lever|BambooHR|DocuSign|"
    "Eclipse|Vim|Emacs|nano|htop|bash|xterm|Konsole|Wireshark|DBeaver|pgAdmin|Tableau|Power BI|Jupyter|RStudio|MATLAB|AutoCAD|"
    "Blender|OBS Studio|VLC|Okular|Evince|Nautilus|Dolphin|KMail|Evolution|Pidgin|Element|Mattermost|Rocket.Chat|Google Meet|"
    "Google Maps|Google Calendar|Google Contacts|Contacts|Mail|Messages|FaceTime|Reminders|Notes|Epic|Cerner|Doctolib"
).split("|")
PRODUCTS: Final = (
    "Kubernetes|Python|Linux|Windows|macOS|Ubuntu|Debian|Android|Oracle|Postgres|Redis|Grafana|Jenkins|Ruby|Java|Julia|Ada|Pascal|"
    "Django|Flask|Apache|Maven|Jupyter|Cassandra|Chef|Puppet|Ansible|Rust|Swift|Perl|Kotlin|Scala|Haskell|Sonos|Tesla|Siri|Alexa|"
    "Cortana|Gemini|Claude|Watson|Hadoop|Spark|Kafka|Selenium|Cypress|Jasmine|Mocha|Chai|Karma|Babel|Bazel|Gradle|Travis|Angular|"
    "Sentry|Datadog|Prometheus|Vagrant|Terraform|Consul|Nomad|Vault|Helm|Istio|Linkerd|Airflow|Luigi|Celery|Pandas|Polars|Arrow|"
    "Fisher-Yates|Dijkstra|Markov chain|Bayes|Gauss|Newton|Fourier transform|Euler|Levenshtein|Huffman|Turing test|Moore's law|"
    "Ben & Jerry's|Johnson & Johnson|Marks & Spencer|Jack Daniel's|Harley-Davidson|Rolls-Royce|Levi's|Calvin Klein|Ralph Lauren|"
    "Hugo Boss|Louis Vuitton|Mercedes-Benz|Wells Fargo|Morgan Stanley|Goldman Sachs|JPMorgan Chase|Ernst & Young|Stanley Cup|"
    "Wall Street Journal|The Guardian|Le Monde|Der Spiegel|Financial Times|National Geographic|Rolling Stone|Harvard Business Review|"
    "Black Friday|Cyber Monday|Google Analytics|Mac Studio|Raspberry Pi|Arduino Nano|Adobe Premiere|Final Cut Pro|Logic Pro|"
    "Elden Ring|Grand Theft Auto|Mario Kart|Tomb Raider|Candy Crush|Angry Birds|Dell Latitude|Lenovo ThinkPad|Sony Walkman|"
    "Bang & Olufsen|Dr. Martens|Aston Martin|Alfa Romeo|Lewis Structure|Maxwell Equations|Monte Carlo|Da Vinci Resolve|"
    "Bluetooth|Helvetica|Georgia|Verdana|Garamond|Calibri|Courier New|Times New Roman|Comic Sans|Roboto|Lucida Console"
).split("|")
LABELS: Final = (
    "Пароль|Логин|Имя|Фамилия|Адрес|Телефон|Почта|Дата|Номер|Войти|Κωδικός|Όνομα|Διεύθυνση|Τηλέφωνο|Ημερομηνία|Σύνδεση|パスワード|密码|"
    "비밀번호|Hasło|Heslo|Jelszó|Parola|Şifre|Salasana|Lösenord|Wachtwoord|Contraseña|Mot de passe|Senha|Passwort|Kennwort|Adgangskode|"
    "Geburtsdatum|Rechnungsnummer|Kundennummer|Numéro|Date de naissance|Fecha de nacimiento|Data di nascita|Codice fiscale|Steuernummer|"
    "Telefon|Téléphone|Teléfono|Telefoon|Adresse|Dirección|Indirizzo|Vorname|Nachname|Prénom|Apellidos|Cognome|Naam|Straße|Ort|Ville|"
    "File|Edit|View|Insert|Format|Tools|Window|Help|Save As...|Open Recent|New Tab|Close All|Settings|Preferences|Sign in|Log out|"
    "Account|Profile|Privacy|Notifications|General|Appearance|Keyboard Shortcuts|Display|Bluetooth|Network|Search|Share|Export as PDF|"
    "Print Preview|Page Setup|Zoom In|Undo|Redo|Cut|Copy|Paste|Select All|Find and Replace|Reply|Reply All|Forward|Archive|Delete|"
    "Mark as read|Inbox|Drafts|Sent|Spam|Trash|All Mail|Compose|Attachments|Contacts|Calendar|Today|Week|Month|Day|Upcoming|"
    "Shared with me|Recent|Starred|Storage|Billing|Members|Roles|Audit log|Integrations|API keys|Webhooks|Deployments|Environments|"
    "Pull requests|Issues|Actions|Projects|Wiki|Security|Insights|Dashboard|Reports|Add to cart|Checkout|Home|About|Contact us|Terms|"
    "Submit|Cancel|OK|Apply|Next|Back|Finish|Retry|Continue|Learn more|Show more|Read only|Password|Username|Email address|"
    "First name|Last name|Full name|Street address|City|State|Postal code|ZIP|Country|Phone|Company|Date of birth|Job title|Notes|"
    "Status|Priority|Assignee|Reporter|Labels|Due date|Owner|Created|Updated|Sort by|Filter|Group by|Table|Board|Timeline|Gallery|"
    "Source Control|Run and Debug|Extensions|Problems|Output|Debug Console|Ports|Untitled|Downloads|Documents|Desktop|Pictures|"
    "Music|Videos|Applications|Customer Service|Order Summary|Shipping Address|Billing Address|Payment Method|Gift Card|Wish List|"
    "Grant Access|Mark Done|Bill To|Ship To|Will Call|Chase Pay|May Release|April Report|June Forecast|Summer Sale|Rose Gold|"
    "Jade Green|Olive Oil|Ruby Gem|Amber Alert|Crystal Report|Melody Player|Harmony Remote|Jasmine Tests|Hazel Build|Page Up|"
    "Rich Text|Plain Text|Max Value|Min Value|Art Gallery|Victoria Sponge|Virginia Ham|Tab Key|Caps Lock|Space Bar|Buy Now|"
    "Street View|Road Map|Highway Mode|Drive|Lane Assist|Square Root|Circle Tool|Box Plot|Place Order|Way Point|Hill Climb|"
    "Park Assist|Court Order|Mail Box|Floor Plan|Unit Tests|Room Temperature|Lot Size|Main Street|Sign up|Forgot password?|"
    "Remember me|Name|Address|Manager|Customer|Invoice|Total|Subtotal|VAT|Discount|Quantity|Price|Due|Paid|Draft|Approved|Rejected|"
    "Pending|New|Open|Closed|Resolved|In Progress|To Do|Done|Backlog|Sprint|Epic|Story|Task|Bug|Version|Build|Release Notes|"
    "Datei|Bearbeiten|Ansicht|Einfügen|Extras|Hilfe|Speichern unter|Abbrechen|Übernehmen|Einstellungen|Posteingang|Gesendet|"
    "Entwürfe|Papierkorb|Antworten|Weiterleiten|Anmelden|Abmelden|Fichier|Édition|Affichage|Aide|Enregistrer|Annuler|Paramètres|"
    "Boîte de réception|Archivo|Editar|Ver|Ayuda|Guardar|Cancelar|Configuración|Bandeja de entrada|Modifica|Visualizza|Impostazioni|"
    "Bestand|Bewerken|Beeld|Instellingen|Plik|Edycja|Widok|Pomoc|Ustawienia|Файл|Правка|Вид|Справка|Настройки|ファイル|編集|表示|"
    "設定|文件|编辑|查看|帮助|设置|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|AM|PM|GMT|UTC|CET"
).split("|")
PEOPLES: Final = (
    "American|British|German|French|Italian|Spanish|Dutch|Polish|Swedish|Danish|Norwegian|Finnish|Czech|Hungarian|Turkish|"
    "Chinese|Japanese|Korean|Indian|Russian|Greek|Irish|Scottish|Welsh|Canadian|Australian|Mexican|Brazilian|European|Asian|"
    "African|Swiss|Austrian|Belgian|Portuguese|Romanian|Ukrainian|Egyptian|Kenyan|Nigerian|Chilean|Peruvian|Catholic|"
    "Protestant|Muslim|Jewish|Buddhist|Hindu|Democrat|Republican|Marxist|Victorian|Roman|Latin|English|Arabic|Paraguayan"
).split("|")
SERVICES: Final = (
    "Bank login|bank account|bank|Bank|login|Login|password|VPN|e-mail|Email|PayPal|credit card|Visa card|savings account|"
    "Wi-Fi|passport scan|tax login|insurance|Insurance login|broker|mortgage|payroll|SSH key|recovery codes|health card|"
    "Online Banking|Steam account|Apple ID|Google account|work account|laptop|router admin|utility bill|pension|University login"
).split("|")
MODIFIERS: Final = (
    "Bank|bank|Insurance|Hotel|Hospital|University|Media|Online|Health|Security|Services|Energy|School|Court|Tax|Group|Store|"
    "Clinic|Records|Capital|Network|Credit|Savings|Phone|Mobile|Travel|Rental|Music|Email|Client|Business|Private|Home|Work"
).split("|")
THINGS: Final = (
    "login|account|password|card|details|booking|letter|application|ticket|record|statement|contract|invoice|policy|file|"
    "Login|Account|Card|Details|Contract|Invoice|transfer|receipt|report|appointment|membership|profile|number|PIN"
).split("|")
