"""A rule for opaque values behind the name of a service: `HEROKU_ID = "…"`, `sonar.login=…`."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit
from recorder.redaction.secrets import reads_like_words

_SERVICES: Final = (
    "adafruit", "adobe", "airtable", "algolia", "alibaba", "aliyun", "amplitude", "anthropic",
    "artifactory", "asana", "atlassian", "auth0", "aws", "azure", "beamer", "bitbucket", "bitly",
    "bittrex", "braintree", "bugsnag", "circleci", "cloudflare", "cloudinary", "codecov",
    "codeclimate", "cohere", "coinbase", "confluence", "confluent", "contentful", "contribsys",
    "coveralls", "datadog", "deepl", "dev.to", "digitalocean", "discord", "docusign", "droneci",
    "dropbox", "dynatrace", "elastic", "etsy", "facebook", "fastly", "figma", "finicity",
    "finnhub", "firebase", "flickr", "foursquare", "freemius", "freshbooks", "freshdesk", "ghost",
    "giphy", "github", "gitlab", "gitter", "gocardless", "grafana", "greenhouse", "heroku",
    "honeycomb", "hubspot", "infracost", "intercom", "intra42", "ipstack", "jenkins", "jfrog",
    "jira", "kraken", "kucoin", "launchdarkly", "linear", "linkedin", "lob", "looker",
    "mailchimp", "mailgun", "mandrill", "mapbox", "mattermost", "meraki", "messagebird",
    "mixpanel", "netlify", "new-relic", "newrelic", "new_relic", "notion", "npm", "nytimes",
    "okta", "openai", "opsgenie", "pagerduty", "paypal", "pinterest", "pipedrive", "plaid",
    "planetscale", "postmark", "privateai", "pusher", "rapidapi", "reddit", "rollbar", "segment",
    "sendbird", "sendgrid", "sentry", "shodan", "shopify", "sidekiq", "slack", "snyk", "sonar",
    "sourcegraph", "spotify", "square", "squarespace", "strava", "stripe", "sumo", "telegr",
    "terraform", "trello", "travis", "twilio", "twitch", "twitter", "typeform", "unsplash",
    "vault", "vercel", "webex", "wakatime", "weatherapi", "yandex", "yelp", "youtube", "zendesk",
    "zoho", "zoom", "cisco", "hashicorp", "nuget", "pypi", "snowflake", "softlayer", "cloudant", "supabase", "pinecone",
)  # fmt: skip
"""Services whose keys have no form of their own and are known by the name beside them."""
_ASSIGNED: Final = re.compile(
    r"[\w.\- \t]{0,28}+['\"\])\s]{0,3}+"
    r"(?:=>|:{0,3}=|\?=|\|\||:|->|,|>)[`'\"\s=]{0,5}"
    r"(?P<value>[0-9a-f]{8}:[0-9a-f]{8}|[A-Za-z0-9][A-Za-z0-9_\-=+]{12,199})(?=[`'\"\s;,&)]|\\[nr]|$)",
    re.IGNORECASE,
)
"""What stands behind the name of a service."""
_QUOTED: Final = re.compile(
    r"aws[^\n]{0,20}?(?:key|pwd|pw|pass|token)[^\n]{0,20}?[\"'](?P<value>[0-9A-Za-z/+]{40})[\"']|"
    r"api.softlayer.com/soap/v3(?:.1)?/(?P<path>[a-z0-9]{64})",
    re.IGNORECASE,
)
_LEAST_EACH: Final = 2


def names_service(text: str) -> bool:
    """Tell cheaply whether one of the services is named."""
    lowered = text.lower() if any(sign in text for sign in "=:>,|/'\"") else ""
    return any(name in lowered for name in _SERVICES)


def service_secrets(text: str) -> Iterator[Hit]:
    """Give opaque values that are assigned to a name with a service's name in it."""
    for match in _QUOTED.finditer(text):
        yield Hit(*match.span(match.lastgroup or 0), "SECRET")
    lowered = text.lower() if text.isascii() else "".join(map(_lower, text))
    for name in _SERVICES:
        at = lowered.find(name)
        while at >= 0:
            said = _ASSIGNED.match(text, at + len(name))
            if said and (":" in said["value"] or _is_opaque(said["value"])):
                yield Hit(*said.span("value"), "SECRET")
            at = lowered.find(name, at + len(name))


def _lower(char: str) -> str:
    """Give one character for one: a few capitals have two in lower case."""
    return char.lower() if len(char.lower()) == 1 else char


def _is_opaque(value: str) -> bool:
    """Tell whether a value is neither a number nor made of words."""
    digits = sum(map(str.isdigit, value))
    letters = sum(map(str.isalpha, value))
    is_cased = any(map(str.islower, value)) and any(map(str.isupper, value))
    enough = min(digits, letters) >= (1 if is_cased else _LEAST_EACH)
    return enough and not reads_like_words(value)
