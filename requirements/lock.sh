#!/bin/sh
# Pins every package of every environment for Python 3.11 to 3.13; needs uv.
set -eu
cd "$(dirname "$0")"

pin() {
    uv pip compile --quiet --universal --python-version 3.11 --no-annotate \
        --no-emit-index-url --no-emit-find-links \
        --custom-compile-command "sh requirements/lock.sh" "$1" --output-file "$2"
}

pin dependencies_layer.in ../layers/dependencies/requirements.txt
pin media_layer.in ../layers/media/requirements.txt
for environment in project engine sam runtime audit bench naive; do
    pin "$environment.in" "$environment.txt"
done
