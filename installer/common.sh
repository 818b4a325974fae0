# What the installer's scripts share; sourced by bash, never run. Needs ROOT, the top of the source tree.

if [ -t 1 ]; then
    bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'
else
    bold='' dim='' red='' plain=''
fi

LOGS="$ROOT/build/logs"

say() { printf '%s==>%s %s%s%s\n' "$dim" "$plain" "$bold" "$*" "$plain"; }
note() { printf '    %s\n' "$*"; }

# die TEXT... : the error, a line each, and the end.
die() {
    printf '%serror:%s %s\n' "$red" "$plain" "$1" >&2
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
    exit 1
}

# logged NAME COMMAND... : runs it with its output in a log; on failure shows the end of the log.
logged() {
    local log="$LOGS/$1.log"
    shift
    mkdir -p "$LOGS"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 25 "$log" >&2
        printf '%serror:%s "%s" failed; the whole log is %s\n' "$red" "$plain" "$*" "$log" >&2
        return 1
    fi
}

# as_root COMMAND... : with sudo where it is needed. sudo drops the environment, hence env.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        die "Packages have to be installed, and this is neither root nor is there sudo." \
            "As root: apt-get install --no-install-recommends ${missing[*]}"
    fi
}

# listed NAME... : the packages of installer/packages-NAME.txt.
listed() {
    local -a files=("${@/#/$ROOT/installer/packages-}")
    sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "${files[@]/%/.txt}"
}

apt_install() {
    as_root apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 install "$@"
}

apt_update() { logged apt-update as_root apt-get -q -o DPkg::Lock::Timeout=300 update; }

# lacking NAME... : what these lists name and the system lacks.
lacking() {
    # dpkg prints nothing about a package it has never heard of, so what is installed is taken from what is wanted.
    listed "$@" | sort -u | comm -23 - <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
        sed -n 's/^installed //p' | sort -u)
}

# ensure_packages NAME... : installs what is lacking.
ensure_packages() {
    local -a missing
    mapfile -t missing < <(lacking "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        note "All $(listed "$@" | wc -l) Debian packages that are needed are installed."
        return 0
    fi
    command -v apt-get >/dev/null || die "This system has no apt-get; install the counterparts of:" "${missing[*]}"
    mkdir -p "$LOGS"
    say "Installing ${#missing[@]} Debian packages"
    printf '%s\n' "${missing[*]}" | fold -s -w 100 | sed 's/^/    /'
    if ! apt-get -qq --simulate --no-install-recommends install "${missing[@]}" >/dev/null 2>&1; then
        note "apt-get update"
        apt_update || die "The package lists could not be fetched." "Check the network and /etc/apt."
    fi
    note "apt-get install (log: $LOGS/apt-install.log)"
    if ! apt_install "${missing[@]}" >"$LOGS/apt-install.log" 2>&1 </dev/null; then
        # Lists that are older than the mirror name files that are gone: fetch them and try once more.
        apt_update || die "The package lists could not be fetched." "Check the network and /etc/apt."
        logged apt-install apt_install "${missing[@]}" || die "The packages above could not be installed."
    fi
}

# configure PRESET DIRECTORY OPTION... : CMake by a preset, with ccache where it is there.
configure() {
    local preset=$1 directory=$2
    shift 2
    if command -v ccache >/dev/null; then
        # Another checkout of the same text finds what this one compiled.
        export CCACHE_BASEDIR="$ROOT" CCACHE_NOHASHDIR=1
        set -- -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"
    fi
    logged configure cmake -S "$ROOT" -B "$directory" --preset "$preset" "$@" ||
        die "CMake could not configure $directory."
}

# Ninja's lines: of its progress one at each tenth, of the rest all. Not awk: Debian's gathers a pipe's lines first.
tenths() {
    local line last=0 tenth
    while IFS= read -r line; do
        if [[ $line =~ ^\[([0-9]+)/([0-9]+)\ ([0-9]+)[.0-9]*s\] ]]; then
            tenth=$((BASH_REMATCH[1] * 10 / BASH_REMATCH[2]))
            if [ "$tenth" -gt "$last" ]; then
                note "built ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]} after ${BASH_REMATCH[3]} s"
            fi
            last=$tenth
        elif [[ $line != "ninja: Entering"* && $line != "ninja: no work"* ]]; then
            printf '%s\n' "$line"
        fi
    done
}

# build DIRECTORY TARGET... : Ninja with its own progress in a terminal, else a line at each tenth.
build() {
    local directory=$1 log="$LOGS/build.log"
    shift
    mkdir -p "$LOGS"
    if [ -t 1 ]; then
        NINJA_STATUS='    [%f/%t, %es] ' ninja -C "$directory" "$@" </dev/null || die "The build failed."
        return
    fi
    NINJA_STATUS='[%f/%t %es] ' ninja -C "$directory" "$@" </dev/null 2>&1 | tee "$log" | tenths
    [ "${PIPESTATUS[0]}" -eq 0 ] || die "The build failed; the whole log is $log"
}
