#!/usr/bin/env bash
# pan-genome distances, four shards side by side
ulimit -v 1400000   # the node has 7 GB, leave some for the mount
exec python pangenome.py --shards 4
