#!/bin/sh
# Renders the PNGs beside the SVGs of this folder. Needs rsvg-convert (Debian: librsvg2-bin).
set -eu
cd "$(dirname "$0")"

app() { rsvg-convert -w "$2" -h "$2" "$1" -o "$3"; }

app app.svg 512 icon.png
app app.svg 256 128x128@2x.png
app app.svg 128 128x128.png
app app.svg 32 32x32.png
for state in safe going waiting needs-you offline; do
  app "tray-$state.svg" 32 "tray-$state.png"
done
