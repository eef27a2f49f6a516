#!/usr/bin/env bash
# A rehearsal of production on this machine alone: Redis Cluster with TLS and an ACL user, two bridges behind nginx with TLS,
# staff sign-in, one district, and a rolling restart under load behind a balancer that is slow to notice. Ends with the
# number of sign-ins and of those that failed; exit code 0 if none did. What it starts and writes goes when it ends.
#
# Needs: npm ci && npm run build; redis-server 7 with TLS, redis-cli, nginx, openssl, curl. Stand-ins for Clever, the staff's
# provider and the product come with the build; the first two speak https, and NODE_ENV is production.
#
# Settings: BASE_PORT (18400; uses 30 ports from there), NOTICE_SECONDS (9: how long the balancer sends requests to a bridge
# that stops), SECONDS_OF_LOAD_AROUND (3: load before and after the restarts).
set -euo pipefail
cd "$(dirname "$0")/../.."

base=${BASE_PORT:-18400}
notice=${NOTICE_SECONDS:-9}
around=${SECONDS_OF_LOAD_AROUND:-3}
https=$base; product_https=$((base + 1)); plain=$((base + 9))
bridge_ports=($((base + 2)) $((base + 3)))
ops_ports=($((base + 4)) $((base + 5)))
clever=https://localhost:$((base + 6)); staff=https://localhost:$((base + 7)); product_port=$((base + 8))
redis_ports=($(seq $((base + 10)) $((base + 15))))
district=juniper-flats

for program in redis-server redis-cli nginx openssl curl node; do
  command -v "$program" >/dev/null || { echo "$program is not installed" >&2; exit 2; }
done
[ -f dist/bridge/main.js ] || { echo 'First: npm ci && npm run build' >&2; exit 2; }

dir=$(mktemp -d "${TMPDIR:-/tmp}/sso-rehearsal-XXXXXX")
# nginx's workers pass through it; what is secret is below a folder of its own.
chmod 711 "$dir"
mkdir -m 700 "$dir/secrets"
mkdir "$dir/logs"
pids=()
end() {
  trap - EXIT INT TERM
  touch "$dir/stop"
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do
    for _ in $(seq 1 300); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap end EXIT
trap 'exit 130' INT TERM

say() { printf '%s\n' "$*"; }
fail() {
  say "FAILED: $*" >&2
  tail -n 5 "$dir"/logs/* >&2 || true
  exit 1
}
# Starts a program that logs to a file of its own; its process id is in $started.
start() {
  local name=$1; shift
  "$@" >>"$dir/logs/$name" 2>&1 &
  started=$!
  pids+=("$started")
}
until_so() { # WHAT COMMAND...: for a minute at most
  local what=$1; shift
  for _ in $(seq 1 600); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done
  fail "waited a minute for $what"
}
secret() { openssl rand -hex 24; }

say '1. An authority of our own, and a certificate for nginx, Redis and the stand-ins'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=rehearsal authority' \
  -keyout "$dir/secrets/ca.key" -out "$dir/ca.pem" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' \
  -keyout "$dir/secrets/server.key" -out "$dir/server.csr" 2>/dev/null
openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/secrets/ca.key" -CAcreateserial -days 2 \
  -extfile <(echo 'subjectAltName=DNS:sso.localhost,DNS:localhost,IP:127.0.0.1') -out "$dir/server.pem" 2>/dev/null

say '2. Redis Cluster: three masters, each with a replica, TLS only, a user for the bridge that may do what it needs'
admin_password=$(secret); bridge_password=$(secret)
cat >"$dir/secrets/users.acl" <<ACL
user default on >$admin_password ~* &* +@all
user bridge on >$bridge_password resetkeys resetchannels ~sso:* -@all +get +set +getdel +unlink +hget +hset +hsetnx +hdel +hexists +hlen +hscan +pexpire +pexpireat +pttl +zadd +zrangebylex +zscan +zscore +zcard +xadd +xrange +xrevrange +xtrim +xlen +scan +type +eval +evalsha +multi +exec +hello +auth +select +client +ping +time +info +cluster +readonly +config|get +bgsave
ACL
tls=(--tls-cert-file "$dir/server.pem" --tls-key-file "$dir/secrets/server.key" --tls-ca-cert-file "$dir/ca.pem")
for port in "${redis_ports[@]}"; do
  mkdir "$dir/redis-$port"
  start "redis-$port" redis-server --dir "$dir/redis-$port" --bind 127.0.0.1 --port 0 --tls-port "$port" "${tls[@]}" \
    --tls-auth-clients no --tls-replication yes --tls-cluster yes --cluster-enabled yes --cluster-port $((port + 10)) \
    --aclfile "$dir/secrets/users.acl" --masteruser default --masterauth "$admin_password" \
    --appendonly yes --save '' --maxmemory-policy noeviction --repl-diskless-sync-delay 0
done
export REDISCLI_AUTH=$admin_password
redis() { local port=$1; shift; redis-cli -h 127.0.0.1 -p "$port" --tls --cacert "$dir/ca.pem" "$@"; }
for port in "${redis_ports[@]}"; do until_so "Redis at $port" redis "$port" ping; done
redis "${redis_ports[0]}" --cluster create "${redis_ports[@]/#/127.0.0.1:}" --cluster-replicas 1 --cluster-yes >"$dir/logs/cluster" 2>&1 ||
  fail 'the cluster was not made'
is_whole() { redis "$1" cluster info | grep -q 'cluster_state:ok' && redis "$1" cluster info | grep -q 'cluster_known_nodes:6'; }
for port in "${redis_ports[@]}"; do until_so "the cluster at $port" is_whole "$port"; done
has_replica() { redis "$1" info replication | grep -q 'state=online'; }
for port in "${redis_ports[@]:0:3}"; do until_so "a replica of $port" has_replica "$port"; done

say '3. Secrets in files, settings in the environment'
echo "rediss+cluster://bridge:$bridge_password@$(IFS=,; echo "${redis_ports[*]:0:3}" | sed 's/\([0-9]\+\)/127.0.0.1:\1/g')" >"$dir/secrets/store-url"
echo "k1:$(head -c 32 /dev/urandom | base64)" >"$dir/secrets/store-keys"
secret >"$dir/secrets/clever-secret"
secret >"$dir/secrets/staff-secret"
export STORE_URL_FILE=$dir/secrets/store-url STORE_KEYS_FILE=$dir/secrets/store-keys STORE_TLS_CA=$dir/ca.pem STORE_TIMEOUT=30s
# What Node trusts beside the system's authorities: as for a provider of staff with a certificate of the company's own.
export NODE_ENV=production NODE_EXTRA_CA_CERTS=$dir/ca.pem
export PUBLIC_URL=https://sso.localhost:$https PRODUCT_URL=https://sso.localhost:$product_https TRUST_PROXY=loopback
export CLEVER_ISSUER=$clever CLEVER_API_URL=$clever CLEVER_CLIENT_ID=summit-k12 CLEVER_TIMEOUT=30s
export CLEVER_CLIENT_SECRET_FILE=$dir/secrets/clever-secret
export STAFF_ISSUER=$staff STAFF_CLIENT_ID=support STAFF_CLIENT_SECRET_FILE=$dir/secrets/staff-secret
export STAFF_SUPPORT=@support.example STAFF_ADMIN=@support.example
# Longer than the balancer needs to notice.
export DRAIN_DELAY=$((notice + 4))s
export SUPPORT_CONTACT='support@support.example'
bridge() { node dist/bridge/main.js "$@"; }

say '4. Stand-ins for Clever, the staff’s provider and the product'
stand_in() { # NAME PORT SETTINGS...
  local name=$1 port=$2; shift 2
  start "$name" env PORT="$port" TLS_CERT_FILE="$dir/server.pem" TLS_KEY_FILE="$dir/secrets/server.key" "$@"
}
stand_in clever "${clever##*:}" SUMMIT_K12_CLIENT_ID=summit-k12 SUMMIT_K12_CLIENT_SECRET="$(cat "$dir/secrets/clever-secret")" \
  SUMMIT_K12_REDIRECT_URIS="$PUBLIC_URL/oauth/clever/callback" node dist/sandbox/clever/main.js
stand_in staff "${staff##*:}" STAFF_CLIENT_SECRET="$(cat "$dir/secrets/staff-secret")" \
  STAFF_REDIRECT_URI="$PUBLIC_URL/support/callback" node dist/sandbox/staff-provider/main.js
start product env PORT=$product_port BRIDGE_URL=https://localhost:$https SESSION_ISSUER="$PUBLIC_URL" SESSION_AUDIENCE="$PRODUCT_URL" \
  node dist/sandbox/product/main.js

say '5. The first district and its roster, by the command'
bridge district put $district --clever-id e397c1571758a8688d55e572 --name 'Juniper Flats' --rostering sftp >"$dir/logs/commands" 2>&1
bridge roster publish sandbox/rosters/$district --district $district --method sftp  >>"$dir/logs/commands" 2>&1 || fail 'the roster was not published'

say '6. Two bridges, and nginx in front of them: deploy/proxy/nginx.conf with the names and ports of this machine'
bridge_pids=()
start_bridge() { # 0 or 1
  start "bridge-$1" env PORT="${bridge_ports[$1]}" OPS_PORT="${ops_ports[$1]}" OPS_HOST=127.0.0.1 node dist/bridge/main.js serve
  bridge_pids[$1]=$started
  until_so "bridge $1 to be ready" curl -sf "http://127.0.0.1:${ops_ports[$1]}/readyz"
}
start_bridge 0
start_bridge 1
# Nothing is asked twice, so that every request that a bridge drops is seen.
write_nginx() { # a port that gets no requests, or none
  {
    echo "pid $dir/nginx.pid; error_log $dir/logs/nginx warn; events {} http { access_log off;"
    for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $dir/nginx-$kind;"; done
    sed -e "s/127.0.0.1:3000 /127.0.0.1:${bridge_ports[0]} /; s/127.0.0.1:3010 /127.0.0.1:${bridge_ports[1]} /" \
      -e "s/listen 443 ssl/listen 127.0.0.1:$https ssl/; s/listen 80;/listen 127.0.0.1:$plain;/; /listen \[::\]/d" \
      -e "s/sso.example.org;/sso.localhost;/; s|/etc/ssl/sso.example.org/fullchain.pem|$dir/server.pem|" \
      -e "s|/etc/ssl/sso.example.org/key.pem|$dir/secrets/server.key|; s/proxy_next_upstream error timeout/proxy_next_upstream off/" \
      -e "s/\(127.0.0.1:${1:-none} .*\);/\1 down;/" deploy/proxy/nginx.conf
    echo "server { listen 127.0.0.1:$product_https ssl; ssl_certificate $dir/server.pem; ssl_certificate_key $dir/secrets/server.key;"
    echo "location / { proxy_pass http://127.0.0.1:$product_port; } } }"
  } >"$dir/nginx.conf"
}
write_nginx
start nginx-process nginx -e "$dir/logs/nginx" -p "$dir" -c "$dir/nginx.conf" -g 'daemon off;'
balance() { write_nginx "${1:-}" && nginx -e "$dir/logs/nginx" -p "$dir" -c "$dir/nginx.conf" -s reload 2>>"$dir/logs/nginx"; }
web() {
  curl -s --cacert "$dir/ca.pem" --resolve "sso.localhost:$https:127.0.0.1" --resolve "sso.localhost:$product_https:127.0.0.1" \
    --max-time 60 "$@"
}
until_so 'nginx' web -f "$PUBLIC_URL/"
until_so 'the product' web "$PRODUCT_URL/"

say '7. A member of staff signs in'
choices=$(web -L -c "$dir/staff-jar" -b "$dir/staff-jar" "$PUBLIC_URL/support/login")
choice=$(grep -o '/choose/[^"]*' <<<"$choices" | head -1) || fail 'the staff’s provider showed no choice'
page=$(web -L -c "$dir/staff-jar" -b "$dir/staff-jar" -w '\n%{http_code} %{url_effective}' "$staff$choice")
[[ ${page##*$'\n'} == "200 $PUBLIC_URL/support"* ]] || fail "staff sign-in ended at ${page##*$'\n'}"

say '8. Students and teachers sign in all the time'
# One click in Clever's portal, to the product's page, which checks the session itself. Each from one of 200 addresses of
# loopback, as from many schools: limits go by the address.
sign_in() { # WORKER PERSON
  rm -f "$dir/jar-$1"
  web --interface "127.0.0.$((10 + RANDOM % 200))" -L -o /dev/null -c "$dir/jar-$1" -b "$dir/jar-$1" -w '%{http_code} %{url_effective}' "$clever/portal/launch?person=$2&app=summit-k12"
}
load() { # WORKER
  local person ended
  until [ -e "$dir/stop" ]; do
    for person in student teacher administrator staff teacher-and-staff; do
      ended=$(sign_in "$1" $person) || ended="curl ended with $?"
      if [ "$ended" = "200 $PRODUCT_URL/" ]; then echo "$person" >>"$dir/signed-in-$1"; else echo "${ended%%\?*}" >>"$dir/failed-$1"; fi
      sleep 0.3
    done
  done
}
workers=()
for worker in 1 2 3; do
  touch "$dir/signed-in-$worker" "$dir/failed-$worker"
  load $worker &
  workers+=($!)
done
signed_in() { cat "$dir"/signed-in-* | wc -l; }
reaches() { [ "$(signed_in)" -ge "$1" ]; }
until_so 'the first sign-ins' reaches 6
sleep "$around"

say "9. Each bridge in turn is restarted; the balancer notices after $notice seconds"
for each in 0 1; do
  kill -TERM "${bridge_pids[$each]}"
  before=$(signed_in)
  sleep "$notice"
  balance "${bridge_ports[$each]}"
  until_so "bridge $each to end" bash -c "! kill -0 ${bridge_pids[$each]}"
  wait "${bridge_pids[$each]}" || fail "bridge $each ended with $?"
  start_bridge $each
  balance
  until_so 'sign-ins after the restart' reaches $((before + 6))
done
sleep "$around"
touch "$dir/stop"
wait "${workers[@]}"

say '10. What it came to'
for port in "${redis_ports[@]:0:3}"; do
  [ -z "$(redis "$port" acl log)" ] || fail "Redis at $port refused the bridge: $(redis "$port" acl log | head -20)"
done
for each in 0 1; do
  grep -q '"outcome":"signed_in"' "$dir/logs/bridge-$each" || fail "no sign-in at bridge $each"
done
failed=$(cat "$dir"/failed-* | wc -l)
sort "$dir"/failed-* | uniq -c | head -20
say "$(signed_in) sign-ins, $failed failed"
[ "$failed" -eq 0 ]
