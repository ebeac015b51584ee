#!/bin/sh
# The last step of every image: what a room expects of it, and nothing that helps to get out of one.
set -eu

if ! command -v update-ca-certificates >/dev/null; then
  apt-get update
  # shellcheck disable=SC2046
  apt-get install -y --no-install-recommends $(cat /usr/local/share/fixpoint/packages.txt)
fi
update-ca-certificates >/dev/null

# Some bases (node's own) already have a user with id 1000; a room's commands run as `agent`.
existing=$(getent passwd 1000 | cut -d: -f1 || true)
if [ -n "$existing" ] && [ "$existing" != agent ]; then userdel "$existing"; fi
if ! getent group 1000 >/dev/null; then groupadd --gid 1000 agent; fi
if ! getent passwd 1000 >/dev/null; then useradd --uid 1000 --gid 1000 --home-dir /home/agent --no-create-home --shell /bin/sh agent; fi

# Mount points: the root file system of a room is read-only.
mkdir -p /workspace /fixpoint/tools /fixpoint/out /fixpoint/base /home/agent
chown 1000:1000 /workspace /fixpoint/out /home/agent

rm -rf /var/cache/fixpoint /var/cache/apt/* /var/lib/apt/lists/* /var/log/*
find / -xdev -type f -perm /6000 -exec chmod a-s {} +
