#!/usr/bin/env bash
# Does ./learn work on a bare machine?
#   sudo tools/bare_machine.sh [--suite bookworm] [--mirror URL [--keyring FILE]] [--data DIR] [--keep]
# Makes a minimal Debian or Ubuntu with debootstrap, clones this checkout's HEAD into it, runs ./learn and ./learn test
# there and says how long each took. docs/testing.md has the details.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
data='' suite=bookworm mirror='' keyring='' keep=''

fail() { printf 'bare_machine: %s\n' "$1" >&2; exit "${2:-1}"; }

while [ $# -gt 0 ]; do
  case $1 in
    --data) data=$(cd "${2:?--data needs a folder}" && pwd); shift 2 ;;
    --suite) suite=${2:?--suite needs a name}; shift 2 ;;
    --mirror) mirror=${2:?--mirror needs an address}; shift 2 ;;
    --keyring) keyring=$(realpath -e "${2:?--keyring needs a file}"); shift 2 ;;
    --keep) keep=yes; shift ;;
    *) fail "there is no option '$1'; there are --suite NAME, --mirror URL, --keyring FILE, --data DIR, --keep" 2 ;;
  esac
done
[ "$(id -u)" -eq 0 ] || fail "must be root: it makes and enters a chroot"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"

# A mount namespace of its own: whatever is mounted below is gone when this script is, however it ends.
if [ -z "${BARE_MACHINE_INSIDE:-}" ]; then
  arguments=(--suite "$suite")
  [ -z "$mirror" ] || arguments+=(--mirror "$mirror")
  [ -z "$keyring" ] || arguments+=(--keyring "$keyring")
  [ -z "$data" ] || arguments+=(--data "$data")
  [ -z "$keep" ] || arguments+=(--keep)
  BARE_MACHINE_INSIDE=1 exec unshare --mount --propagation private "$0" "${arguments[@]}"
fi

machine=$(mktemp -d "${TMPDIR:-/tmp}/bare-machine.XXXXXX")
chmod 755 "$machine" # it becomes a root directory, which everybody may enter
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

# Where this machine gets its packages from: the first source that apt knows.
own_mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
    grep -v '^#' | grep -o 'https\{0,1\}://[^ ]*' | grep -v security | head -n 1
}

make_machine() {
  local from=${mirror:-$(own_mirror)} scripts=/usr/share/debootstrap/scripts options script=''
  options=(--variant=minbase "--include=git,ca-certificates" ${keyring:+--keyring="$keyring"})
  case $from in
    *ubuntu*) # half of what the course needs is in its section universe, which an installed Ubuntu has switched on
      options+=("--components=main,universe")
      [ -e "$scripts/$suite" ] || script=$scripts/gutsy # a release newer than debootstrap: all of Ubuntu's share this one
      ;;
  esac
  debootstrap "${options[@]}" "$suite" "$machine" "$from" ${script:+"$script"}
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
  if [ -z "$mirror" ] && grep -q "^VERSION_CODENAME=$suite$" /etc/os-release; then
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
logs=$root/build/bare-machine/$suite
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
