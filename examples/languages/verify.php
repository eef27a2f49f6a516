<?php
// A verifier of SSO bridge sessions in PHP: firebase/php-jwt 7. Settings by environment: BRIDGE_URL, SESSION_AUDIENCE,
// CREDENTIAL_ID, CREDENTIAL_SECRET; PHP_AUTOLOAD, Composer's autoload.php. Reads a line of JSON {"authorization", "cookie"} for each
// request and prints the claims of its session, or null; "unknown" where the bridge could not be asked. PHP forgets everything
// after a request of a web server: keep $keys and $ended in APCu there.
declare(strict_types=1);

use Firebase\JWT\JWK;
use Firebase\JWT\JWT;

require getenv('PHP_AUTOLOAD') ?: 'vendor/autoload.php';

define('BRIDGE', rtrim((string) getenv('BRIDGE_URL'), '/'));
const COOKIES = ['__Host-summit_session', 'summit_session'];
const REQUIRED = ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'district', 'role'];

/** The bridge did not answer: the token may be good. */
final class Unknown extends Exception {}

function ask(string $path, bool $basic = false): array
{
    $login = base64_encode(getenv('CREDENTIAL_ID') . ':' . getenv('CREDENTIAL_SECRET'));
    $http = ['timeout' => 5, 'follow_location' => 0, 'header' => $basic ? "Authorization: Basic $login" : ''];
    $body = @file_get_contents(BRIDGE . $path, false, stream_context_create(['http' => $http]));
    $read = $body === false ? null : json_decode($body, true);
    return is_array($read) ? $read : throw new Unknown();
}

/** The published keys, kept for five minutes, asked for again for an unknown kid every ten seconds at most. */
$keys = ['at' => 0, 'set' => []];
function keys(?string $kid): array
{
    global $keys;
    $age = time() - $keys['at'];
    if ($age > 300 || (!isset($keys['set'][$kid]) && $age > 10)) {
        $keys = ['set' => JWK::parseKeySet(ask('/.well-known/jwks.json'), 'ES256'), 'at' => time()];
    }
    return $keys['set'];
}

/** What ended, read from the beginning every hour and from where it was every five seconds; believed for a minute. */
$ended = ['before' => [], 'cursor' => null, 'at' => 0, 'anew' => 0];
function hasEnded(object $claims): bool
{
    global $ended;
    if (time() - $ended['at'] > 5) {
        try {
            readEnded();
        } catch (Unknown $failure) {
            if (time() - $ended['at'] > 60) {
                throw $failure;
            }
        }
    }
    $before = fn (string $kind, string $id): int => $ended['before']["$kind $id"] ?? 0;
    return isset($ended['before']["session {$claims->sid}"])
        || $claims->iat < max($before('account', $claims->sub), $before('district', $claims->district));
}

function readEnded(): void
{
    global $ended, $keys;
    $now = time();
    $anew = $now - $ended['anew'] > 3600;
    $next = $anew ? ['before' => [], 'cursor' => null, 'anew' => $now] : $ended;
    $next['at'] = $now;
    do {
        $page = ask('/session/revocations' . ($next['cursor'] === null ? '' : '?after=' . urlencode($next['cursor'])), true);
        foreach ($page['revocations'] as ['kind' => $kind, 'id' => $id, 'before' => $time]) {
            $next['before']["$kind $id"] = max($time, $next['before']["$kind $id"] ?? 0);
            if ($kind === 'district' && !$anew) {
                $keys['at'] = 0; // a key may have been compromised
            }
        }
        $next['cursor'] = $page['revocations'] === [] ? $next['cursor'] : $page['cursor'];
    } while ($page['revocations'] !== []);
    $ended = $next;
}

/** The claims of a live session, or null. */
function verify(string $token): ?object
{
    // A signature of ES256 has 64 bytes; php-jwt warns of a shorter one instead of refusing it.
    if (strlen($token) > 8192 || preg_match('~^[\w-]+\.[\w-]+\.[\w-]{86}$~D', $token) !== 1) {
        return null;
    }
    try {
        // Only to know which keys to have: what the header says is verified below.
        $kid = json_decode(JWT::urlsafeB64Decode(explode('.', $token)[0]))?->kid ?? null;
        $header = new stdClass();
        JWT::$leeway = 5;
        // The algorithm comes from the keys, not from the token.
        $claims = JWT::decode($token, keys(is_string($kid) ? $kid : null), $header);
    } catch (Unknown $failure) {
        throw $failure;
    } catch (Throwable) {
        return null;
    }
    // php-jwt checks no type, issuer or audience, and accepts a token without an expiry.
    foreach (REQUIRED as $name) {
        if (!isset($claims->$name)) {
            return null;
        }
    }
    $fits = ($header->typ ?? null) === 'session+jwt' && $header->alg === 'ES256'
        && $claims->iss === BRIDGE && $claims->aud === getenv('SESSION_AUDIENCE');
    return $fits && !hasEnded($claims) ? $claims : null;
}

/** What every cookie of the bridge's names holds; a name with white space before `=` is another name. $_COOKIE strips it. */
function tokens(string $header): array
{
    $found = [];
    foreach (COOKIES as $name) {
        foreach (explode(';', $header) as $pair) {
            [$given, $value] = explode('=', ltrim($pair, " \t"), 2) + [1 => ''];
            if ($given === $name && trim($value, " \t") !== '') {
                $found[] = trim($value, " \t");
            }
        }
    }
    return $found;
}

/** The one token that verifies; none if two do. `Bearer` goes before the cookies, another scheme does not count beside them. */
function session(?string $authorization, string $cookie): ?object
{
    $found = tokens($cookie);
    if ($authorization !== null) {
        $isBearer = preg_match('~^Bearer +([\w.\~+/-]+=*) *$~iD', $authorization, $bearer) === 1;
        $isOther = preg_match('/^(?!bearer )[!#$%&\'*+.^_`|~\w-]+ +\S/i', $authorization) === 1;
        if ($isBearer || $found === [] || !$isOther) {
            $found = [$bearer[1] ?? '-'];
        }
    }
    $good = count($found) > 8 ? [] : array_values(array_filter(array_map('verify', $found)));
    return count($good) === 1 ? $good[0] : null;
}

while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, true);
    try {
        echo json_encode(session($request['authorization'] ?? null, $request['cookie'] ?? '')), "\n";
    } catch (Unknown) {
        echo "\"unknown\"\n";
    }
}
