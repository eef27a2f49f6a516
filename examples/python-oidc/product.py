#!/usr/bin/python3
"""A product in Python that signs people in by OpenID Connect at the SSO bridge, following Authlib's guide for Flask. Needs
Debian's python3-authlib, python3-flask and python3-requests.

Settings, by environment: BRIDGE_URL (PUBLIC_URL of the bridge, without a slash at its end), CLIENT_ID and CLIENT_SECRET (of
`client put`), PORT. Prints one line of JSON when it answers."""
import json, os, time

from authlib.integrations.flask_client import OAuth, OAuthError
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import JoseError
from flask import Flask, abort, redirect, request, session
from markupsafe import escape
from werkzeug.serving import make_server

BRIDGE, CLIENT_ID, PORT = os.environ["BRIDGE_URL"], os.environ["CLIENT_ID"], int(os.environ["PORT"])
OWN = f"http://127.0.0.1:{PORT}"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
# RFC 8725: one algorithm, named here and not by the token.
JWT = JsonWebToken(["ES256"])

app = Flask(__name__)
app.secret_key = os.urandom(32)
# SESSION_COOKIE_SECURE=True beside them where the product has TLS.
app.config.update(SESSION_COOKIE_NAME="python_session", SESSION_COOKIE_SAMESITE="Lax")
bridge = OAuth(app).register(
    "bridge",
    client_id=CLIENT_ID,
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=BRIDGE + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
)
ENDED = set()  # of this process: a real product keeps it where all of its processes see it


@app.get("/")
def home():
    person = session.get("person")
    if person is None or person["sid"] in ENDED:
        return '<h1>You are not signed in</h1><a href="/login">Sign in</a>', 401
    return f"<h1>Hello, {escape(person['name'])}</h1><p>You are signed in as {escape(person['role'])}.</p>"


@app.get("/login")
def login():
    """Also where a launch from Clever's portal begins: with `iss`, OpenID Connect Core 1.0 section 4."""
    if request.args.get("iss", BRIDGE) != BRIDGE:
        abort(400)
    return bridge.authorize_redirect(OWN + "/callback")


@app.get("/callback")
def callback():
    try:
        token = bridge.authorize_access_token()  # state, PKCE, nonce, and the id_token by the published keys
    except OAuthError:  # refused, or an answer to another browser's request
        return redirect("/")
    claims, info = token["userinfo"], bridge.userinfo(token=token)
    name = f"{info.get('given_name', '')} {info.get('family_name', '')}".strip()
    session.clear()
    session["person"] = {"sub": claims["sub"], "sid": claims["sid"], "role": claims["role"], "name": name}
    return redirect("/")


@app.post("/backchannel-logout")
def backchannel_logout():
    """Asked by the bridge when a session ended: OpenID Connect Back-Channel Logout 1.0."""
    try:
        token, keys = request.form.get("logout_token", ""), JsonWebKey.import_key_set(bridge.fetch_jwk_set())
        rules = {"iss": {"essential": True, "value": BRIDGE}, "aud": {"essential": True, "value": CLIENT_ID}, "exp": {"essential": True}}
        claims = JWT.decode(token, keys, claims_options=rules)
        claims.validate(now=time.time())
    except (JoseError, ValueError):
        abort(400)
    if claims.header.get("typ") != "logout+jwt" or LOGOUT not in claims.get("events", {}) or "nonce" in claims:
        abort(400)
    ENDED.add(claims["sid"])
    return "", 200


if __name__ == "__main__":
    server = make_server("127.0.0.1", PORT, app, threaded=True)
    print(json.dumps({"url": OWN}), flush=True)
    server.serve_forever()
