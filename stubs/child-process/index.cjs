// commander asks for node:child_process as soon as it is loaded, to run subcommands that are programs of their own. We have
// none, and it would bring node:net and node:dgram along into `--version`.
module.exports = {};
