#!/usr/bin/python3
"""A product in Python that trusts the sessions of the SSO bridge: verifies the token by the published keys, follows what
ended, greets. Needs Debian's python3-jwt and python3-cryptography, and nothing else.

Settings, by environment: BRIDGE_URL (what `iss` is), SESSION_AUDIENCE (what `aud` is), CREDENTIAL_ID and CREDENTIAL_SECRET
(of scope product), PORT. Prints one line of JSON when it answers."""
import base64, json, os, threading, time, urllib.parse, urllib.request
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt

BRIDGE, AUDIENCE = os.environ["BRIDGE_URL"].rstrip("/"), os.environ["SESSION_AUDIENCE"]
BASIC = base64.b64encode(f'{os.environ["CREDENTIAL_ID"]}:{os.environ["CREDENTIAL_SECRET"]}'.encode()).decode()
COOKIES, MOST_COOKIES = ("__Host-summit_session", "summit_session"), 8
KEYS_LIFE, POLL_EVERY, STALE_AFTER, TIMEOUT = 300, 2, 60, 5


def now():
    """Seconds that only go forward, and do so while the machine is suspended, which time.monotonic does not on Linux."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Unknown(Exception):
    """The token may be good, but what ended is not known."""


class Keys:
    """The bridge's public keys, kept for as long as it says, asked for again at most every ten seconds for an unknown one."""

    def __init__(self):
        self.lock, self.by_kid, self.read_at = threading.Lock(), {}, float("-inf")

    def read(self):
        with urllib.request.urlopen(BRIDGE + "/.well-known/jwks.json", timeout=TIMEOUT) as answer:
            self.by_kid = {key.key_id: key.key for key in jwt.PyJWKSet.from_dict(json.load(answer)).keys}
        self.read_at = now()

    def find(self, kid):
        with self.lock:
            age = now() - self.read_at
            if age > KEYS_LIFE or (kid not in self.by_kid and age > 10):
                self.read()
            return self.by_kid.get(kid)


class Ended:
    """What ended: read from the beginning at start and every hour, then what is new every two seconds."""

    def __init__(self):
        self.before, self.cursor, self.read_at, self.anew_at = {}, None, float("-inf"), float("-inf")
        self.news = threading.Condition()

    def read(self):
        began = now()
        anew = began - self.anew_at > 3600
        before, cursor = ({}, None) if anew else (self.before, self.cursor)
        while True:
            query = "?" + urllib.parse.urlencode({"after": cursor}) if cursor else ""
            ask = urllib.request.Request(BRIDGE + "/session/revocations" + query, headers={"Authorization": "Basic " + BASIC})
            with urllib.request.urlopen(ask, timeout=TIMEOUT) as answer:
                page = json.load(answer)
            for entry in page["revocations"]:
                key = (entry["kind"], entry["id"])
                if entry["kind"] == "district" and entry["before"] > self.before.get(key, 0):
                    KEYS.read_at = float("-inf")  # a key may have been compromised: do not believe it for its cached life
                before[key] = max(entry["before"], before.get(key, 0))
            if not page["revocations"]:
                break
            cursor = page["cursor"]
        self.before, self.cursor, self.read_at = before, cursor, began
        if anew:
            self.anew_at = began

    def follow(self):
        while True:
            try:
                self.read()
            except Exception:  # is_fresh notices it by the age of the list
                pass
            with self.news:
                self.news.notify_all()
            time.sleep(POLL_EVERY)

    def is_fresh(self):
        return now() - self.read_at <= STALE_AFTER

    def wait_until_fresh(self):
        """Not for long: a product that has just started, or was suspended, has no list or an old one, and a bridge that answers."""
        with self.news:
            if not self.news.wait_for(self.is_fresh, POLL_EVERY + TIMEOUT):
                raise Unknown

    def has(self, claims):
        if ("session", claims["sid"]) in self.before:
            return True
        marks = [("account", claims["sub"]), ("district", claims["district"])]
        return any(claims["iat"] < self.before.get(mark, 0) for mark in marks)


KEYS, ENDED = Keys(), Ended()


def verify(token):
    """The claims of a live session, or None. Raises OSError when the keys cannot be had, Unknown when what ended cannot."""
    try:
        header = jwt.get_unverified_header(token)
        # RFC 8725: one algorithm, named here and not by the token; and the type, so that no other token passes for this one.
        if header.get("alg") != "ES256" or header.get("typ") != "session+jwt":
            return None
        key = KEYS.find(header.get("kid"))
        # The leeway is for clocks that differ: PyJWT takes no token of even the next second.
        required = ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "district", "role"]
        claims = key and jwt.decode(token, key, algorithms=["ES256"], issuer=BRIDGE, audience=AUDIENCE, leeway=5, options={"require": required})
    except jwt.PyJWTError:
        return None
    if not claims or ENDED.has(claims):
        return None
    ENDED.wait_until_fresh()
    return None if ENDED.has(claims) else claims


def tokens_of(header):
    """What every cookie of the bridge's names holds. A name with white space before `=` is another name, not the bridge's."""
    pairs = [pair.lstrip(" \t").partition("=") for pair in header.split(";")]
    return [value.strip(" \t") for ours in COOKIES for name, _, value in pairs if name == ours and value.strip(" \t")]


def find_session(header):
    """The claims of the one cookie whose token verifies; None if two do, since a neighbouring host may have set the other, and
    None if there are more than MOST_COOKIES."""
    tokens = tokens_of(header)
    found = [claims for claims in map(verify, tokens) if claims] if len(tokens) <= MOST_COOKIES else []
    return found[0] if len(found) == 1 else None


class Product(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            claims = find_session("; ".join(self.headers.get_all("Cookie", [])))
        except OSError:
            return self.answer(503, "The bridge does not answer.")
        except Unknown:
            return self.answer(503, "It is not known what ended.")
        if claims:
            # Absent where the roster gives none; the role alone decides then.
            position = claims.get("position", claims["role"]).replace("_", " ")
            return self.answer(200, f"Hello, {position} of {claims['district']}.")
        self.answer(401, "You are not signed in.", f'<p><a href="{escape(BRIDGE)}/login">Log in with Clever</a></p>')

    def answer(self, status, text, more=""):
        body = f"<!doctype html><title>A product</title><h1>{escape(text)}</h1>{more}".encode()
        self.send_response(status)
        for name, value in [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), ("Content-Length", len(body))]:
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing: a log line would hold addresses of people."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("localhost", int(os.environ.get("PORT", "0"))), Product)
    threading.Thread(target=ENDED.follow, daemon=True).start()
    print(json.dumps({"url": f"http://localhost:{server.server_port}"}), flush=True)
    server.serve_forever()
