// What the settings do with script. Every one of these forms works without it.
