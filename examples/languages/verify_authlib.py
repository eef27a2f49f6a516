"""A verifier of SSO bridge sessions in Python with Authlib 1.2 or newer. Settings by environment: BRIDGE_URL, SESSION_AUDIENCE,
CREDENTIAL_ID, CREDENTIAL_SECRET. Reads a line of JSON {"authorization", "cookie"} for each request and prints the claims of its
session, or null; "unknown" where the bridge could not be asked. ../python-product is a whole product, with PyJWT."""
import base64, json, os, re, sys, time, urllib.parse, urllib.request

from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import JoseError

BRIDGE, AUDIENCE = os.environ["BRIDGE_URL"].rstrip("/"), os.environ["SESSION_AUDIENCE"]
BASIC = base64.b64encode(f'{os.environ["CREDENTIAL_ID"]}:{os.environ["CREDENTIAL_SECRET"]}'.encode()).decode()
COOKIES = ("__Host-summit_session", "summit_session")
REQUIRED = ("iss", "aud", "sub", "sid", "jti", "iat", "exp", "district", "role")
# RFC 8725: one algorithm, named here and not by the token.
JWT = JsonWebToken(["ES256"])


def now():
    """Seconds that only go forward, also while the machine is suspended."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def ask(path, headers={}):
    with urllib.request.urlopen(urllib.request.Request(BRIDGE + path, headers=headers), timeout=5) as answer:
        return json.load(answer)


class Keys:
    """The published keys, kept for five minutes, asked for again for an unknown kid every ten seconds at most."""

    def __init__(self):
        self.by_kid, self.read_at = {}, float("-inf")

    def find(self, header, _payload):
        age = now() - self.read_at
        if age > 300 or (header.get("kid") not in self.by_kid and age > 10):
            self.by_kid = {key["kid"]: JsonWebKey.import_key(key) for key in ask("/.well-known/jwks.json")["keys"]}
            self.read_at = now()
        if header.get("kid") not in self.by_kid:
            raise ValueError("unknown kid")
        return self.by_kid[header["kid"]]


class Ended:
    """What ended, read from the beginning every hour and from where it was every five seconds; a list that cannot be read is
    believed for a minute."""

    def __init__(self):
        self.before, self.cursor, self.read_at, self.anew_at = {}, None, float("-inf"), float("-inf")

    def has(self, claims):
        if now() - self.read_at > 5:
            try:
                self.read()
            except OSError:
                if now() - self.read_at > 60:
                    raise
        if ("session", claims["sid"]) in self.before:
            return True
        return any(claims["iat"] < self.before.get(key, 0) for key in [("account", claims["sub"]), ("district", claims["district"])])

    def read(self):
        began = now()
        anew = began - self.anew_at > 3600
        before, cursor = ({}, None) if anew else (self.before, self.cursor)
        while True:
            query = "?" + urllib.parse.urlencode({"after": cursor}) if cursor else ""
            page = ask("/session/revocations" + query, {"Authorization": "Basic " + BASIC})
            for entry in page["revocations"]:
                key = (entry["kind"], entry["id"])
                before[key] = max(entry["before"], before.get(key, 0))
                if entry["kind"] == "district" and not anew:
                    KEYS.read_at = float("-inf")  # a key may have been compromised
            if not page["revocations"]:
                break
            cursor = page["cursor"]
        self.before, self.cursor, self.read_at = before, cursor, began
        if anew:
            self.anew_at = began


KEYS, ENDED = Keys(), Ended()
CLAIMS = {name: {"essential": True} for name in REQUIRED}
CLAIMS["iss"]["value"], CLAIMS["aud"]["value"] = BRIDGE, AUDIENCE


def verify(token):
    """The claims of a live session, or None. Raises OSError where the bridge could not be asked."""
    if len(token) > 8192:
        return None
    try:
        claims = JWT.decode(token, KEYS.find, claims_options=CLAIMS)
        claims.validate(leeway=5)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    # Authlib does not check the type.
    if claims.header.get("typ") != "session+jwt" or claims["iat"] > time.time() + 60 or ENDED.has(claims):
        return None
    return dict(claims)


def tokens(header):
    """What every cookie of the bridge's names holds; a name with white space before `=` is another name."""
    pairs = [pair.lstrip(" \t").partition("=") for pair in header.split(";")]
    return [value.strip(" \t") for ours in COOKIES for name, _, value in pairs if name == ours and value.strip(" \t")]


def session(authorization, cookie):
    """The one token that verifies; none if two do. `Bearer` goes before the cookies, another scheme does not count beside them."""
    found = tokens(cookie or "")
    if authorization is not None:
        bearer = re.fullmatch(r"Bearer +([\w.~+/-]+=*) *", authorization, re.IGNORECASE | re.ASCII)
        is_other = re.match(r"(?!bearer )[!#$%&'*+.^_`|~\w-]+ +\S", authorization, re.IGNORECASE | re.ASCII)
        if bearer or not (found and is_other):
            found = [bearer[1] if bearer else "-"]
    good = [claims for claims in map(verify, found) if claims] if len(found) <= 8 else []
    return good[0] if len(good) == 1 else None


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = session(request.get("authorization"), request.get("cookie"))
    except OSError:
        answer = "unknown"
    print(json.dumps(answer), flush=True)
