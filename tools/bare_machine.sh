#!/usr/bin/env bash
# Does ./learn work on a bare machine?   sudo tools/bare_machine.sh [--data DIR] [--suite bookworm] [--keep]
# Makes a minimal Debian with debootstrap, clones this checkout's HEAD into it, runs ./learn and ./learn test there
# and says how long each took. docs/testing.md has the details.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
data='' suite=bookworm keep=''
logs=$root/build/bare-machine

fail() { printf 'bare_machine: %s\n' "$1" >&2; exit "${2:-1}"; }

while [ $# -gt 0 ]; do
  case $1 in
    --data) data=$(cd "${2:?--data needs a folder}" && pwd); shift 2 ;;
    --suite) suite=${2:?--suite needs a name}; shift 2 ;;
    --keep) keep=yes; shift ;;
    *) fail "there is no option '$1'; there are --data DIR, --suite NAME, --keep" 2 ;;
  esac
done
[ "$(id -u)" -eq 0 ] || fail "must be root: it makes and enters a chroot"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"

# A mount namespace of its own: whatever is mounted below is gone when this script is, however it ends.
if [ -z "${BARE_MACHINE_INSIDE:-}" ]; then
  arguments=(--suite "$suite")
  [ -z "$data" ] || arguments+=(--data "$data")
  [ -z "$keep" ] || arguments+=(--keep)
  BARE_MACHINE_INSIDE=1 exec unshare --mount --propagation private "$0" "${arguments[@]}"
fi

machine=$(mktemp -d "${TMPDIR:-/tmp}/bare-machine.XXXXXX")
clean_up() {
  local place
  for place in mnt dev/pts proc; do
    ! mountpoint -q "$machine/$place" || umount "$machine/$place" || keep=yes
  done
  if [ -n "$keep" ]; then
    echo "kept: $machine"
  else
    rm -rf --one-file-system "$machine"
  fi
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# Where this machine gets its packages from: $DEBIAN_MIRROR, else the first source that apt knows.
mirror() {
  if [ -n "${DEBIAN_MIRROR:-}" ]; then
    echo "$DEBIAN_MIRROR"
  else
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
      grep -v '^#' | grep -o 'https\{0,1\}://[^ ]*' | grep -v security | head -n 1
  fi
}

make_machine() {
  local from
  from=$(mirror)
  debootstrap --variant=minbase --include=git,ca-certificates "$suite" "$machine" "$from"
  copy_network_settings
  mount -t proc proc "$machine/proc"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$machine/dev/pts" # tests open a terminal
  ln -sf pts/ptmx "$machine/dev/ptmx"
  git clone --quiet --no-hardlinks "$root" "$machine/root/course"
}

# How this machine reaches its packages, and nothing else of it: names, proxies, certificates, apt's sources and options.
copy_network_settings() {
  local path
  cp -L /etc/resolv.conf /etc/hosts "$machine/etc/"
  for path in apt.conf apt.conf.d auth.conf.d keyrings trusted.gpg.d; do
    [ ! -e "/etc/apt/$path" ] || cp -RL "/etc/apt/$path" "$machine/etc/apt/"
  done
  if [ -z "${DEBIAN_MIRROR:-}" ] && grep -q "^VERSION_CODENAME=$suite$" /etc/os-release; then
    rm -f "$machine/etc/apt/sources.list"
    for path in sources.list sources.list.d; do
      [ ! -e "/etc/apt/$path" ] || cp -RL "/etc/apt/$path" "$machine/etc/apt/"
    done
  fi
  if [ -d /usr/local/share/ca-certificates ]; then
    cp -RL /usr/local/share/ca-certificates "$machine/usr/local/share/"
    chroot "$machine" update-ca-certificates
  fi
}

# inside NAME VARIABLE=VALUE... -- COMMAND: in the machine, with a clean environment; its output into NAME.log, its time shown.
inside() {
  local name=$1 start=$SECONDS code=0 variables=()
  shift
  while [ "$1" != -- ]; do variables+=("$1"); shift; done
  shift
  chroot "$machine" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} ${variables[@]+"${variables[@]}"} \
    /bin/sh -c 'cd /root/course && "$@"' sh "$@" </dev/null >"$logs/$name.log" 2>&1 || code=$?
  printf '%-24s exit %d, %d s\n' "$name" "$code" $((SECONDS - start))
  [ "$code" -eq 0 ] || { failed=yes; tail -n 15 "$logs/$name.log"; }
}

failed=''
mkdir -p "$logs"
start=$SECONDS
make_machine >"$logs/debootstrap.log" 2>&1 || fail "the machine could not be made; see ${logs#"$root"/}/debootstrap.log"
printf '%-24s %d s\n' "a bare $suite" $((SECONDS - start))

# First as a newcomer would: MNIST is downloaded, or if it cannot be had the sample is used; learn.log says which.
inside learn -- ./learn
inside learn-again -- ./learn
inside learn-test -- ./learn test
if [ -n "$data" ]; then
  mount --bind "$data" "$machine/mnt"
  inside learn-full-mnist MNIST_DIR=/mnt -- ./learn
fi
[ -z "$failed" ] || fail "not everything worked; the logs are in ${logs#"$root"/}"
echo "everything worked; the logs are in ${logs#"$root"/}"
