#!/bin/sh
# Finds a Python that really runs (a shim on the path may not) and sets the project up with it.
set -eu
cd "$(dirname "$0")/.."

usable() {
    "$1" - "$2" 2>/dev/null <<'END'
import importlib.util, ssl, sys, venv
installer = importlib.util.find_spec("ensurepip") or importlib.util.find_spec("pip")
raise SystemExit(not (installer and "%d.%d" % sys.version_info[:2] == sys.argv[1]))
END
}

for version in 3.13 3.12 3.11; do
    for candidate in "python$version" "$HOME"/.pyenv/versions/"$version".*/bin/python python3 python; do
        if usable "$candidate" "$version"; then
            exec "$candidate" local/setup.py "$@"
        fi
    done
done

cat >&2 <<'END'
setup: no Python 3.11, 3.12 or 3.13 was found that can make a virtual environment.
Looked for python3.13, python3.12, python3.11, python3 and python on the path, and in ~/.pyenv/versions.
On Debian and Ubuntu: apt install python3 python3-venv
END
exit 1
