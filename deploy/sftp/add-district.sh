#!/bin/sh
# Makes the user and the folders of one district. Run as root; running it again changes nothing but the key.
#   add-district.sh DISTRICT [PUBLIC_KEY_FILE]
# Settings, as environment variables:
#   DROP         the folder that SFTP_DROP names           /srv/sso-bridge/drop
#   BRIDGE_USER  the user that the bridge runs as          sso-bridge
#   SFTP_GROUP   the group in sso-bridge-sftp.conf         sso-sftp
#   SFTP_USER    the district's user                       sftp-DISTRICT
#   KEYS         AuthorizedKeysFile without the /%u        /etc/ssh/sso-sftp-keys
set -eu

district=${1:-}
key=${2:-}
drop=${DROP:-/srv/sso-bridge/drop}
bridge=${BRIDGE_USER:-sso-bridge}
group=${SFTP_GROUP:-sso-sftp}
user=${SFTP_USER:-sftp-$district}
keys=${KEYS:-/etc/ssh/sso-sftp-keys}

fail() { echo "add-district.sh: $1" >&2; exit 2; }

case $district in
  '' | .* | *[!a-z0-9._-]*) fail 'DISTRICT must be the id of a district, without a dot in front' ;;
esac
[ ${#district} -le 64 ] || fail 'DISTRICT is longer than 64'
[ ${#user} -le 32 ] || fail 'the name of the user is longer than 32: choose a shorter one with SFTP_USER'
[ -z "$key" ] || [ -r "$key" ] || fail 'PUBLIC_KEY_FILE cannot be read'
[ -L "$drop/$district/files" ] || [ ! -e "$drop/$district/files" ] ||
  fail "$drop/$district/files is in the way: it has to be a link to incoming"
bridge_group=$(id -gn "$bridge") || fail "there is no user $bridge: set BRIDGE_USER"

getent group "$group" >/dev/null || groupadd --system "$group"

# root owns the drop and each district's folder: sshd refuses a chroot directory that its user can write to.
install -d -o root -g root -m 0755 "$drop" "$drop/$district"
# Where uploads go when they are taken. On the drop's file system, outside every chroot.
install -d -o "$bridge" -g "$bridge_group" -m 0700 "$drop/.work"

# '*' is no password and no lock: keys work, passwords only after `passwd`.
id "$user" >/dev/null 2>&1 ||
  useradd --system --gid "$group" --home-dir "$drop/$district" --no-create-home --shell /usr/sbin/nologin --password '*' "$user"

# The bridge takes files out by its group, which new files inherit (the 2 in front).
install -d -o "$user" -g "$bridge_group" -m 2770 "$drop/$district/incoming"
install -d -o "$bridge" -g "$bridge_group" -m 0755 "$drop/$district/outgoing"
# The path that Summit K12 gives to districts. The same folder, so that uploads to either path are read.
[ -L "$drop/$district/files" ] || ln -s incoming "$drop/$district/files"

install -d -o root -g root -m 0755 "$keys"
if [ -n "$key" ]; then install -o root -g root -m 0644 "$key" "$keys/$user"; fi

echo "district $district: user $user, uploads to $drop/$district/incoming (also /files), reports in $drop/$district/outgoing"
