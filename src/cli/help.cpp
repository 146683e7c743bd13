#include "cli/help.hpp"

#include "cli/exit_code_meanings.hpp"
#include "cli/wrap.hpp"

namespace riemann::cli::help {

const std::string_view version = "riemann-cli " RIEMANN_CLI_VERSION;

const std::string_view description =
    "riemann-cli talks to Riemann, the event stream processor, in its own protocol.";

const std::string_view options_note =
    R"(The server's options stand before the command or after it; but after `send`,
-T is its --time and --host the event's host, so name the server before it. A
value is taken from the command line, else from the environment, else from the
config file, which has the options' long names (and a section for a command's
own):

  host = "riemann.example.net"
  timeout = 2
  [query]
  output = "table"

Over udp nothing is answered. With -T none nothing is sent: `send` and `agent`
print what would be. The password of an encrypted key is taken from
RIEMANN_KEY_PASSWORD.)";

const std::string_view examples =
    R"(  riemann-cli -H riemann.example.net send -s "api latency" -m 0.21 -S ok
  riemann-cli query 'service =~ "api%"' --output table --watch 2
  riemann-cli query true --output ndjson | riemann-cli -H other send --stdin
  riemann-cli -T tls -C ca.pem --certfile me.pem --keyfile me.key ping)";

std::string main_footer()
{
  std::string text{options_note};
  text.append("\n\nExamples:\n").append(examples).append("\n\nExit codes:");
  for (const exit_code_meaning& one : exit_code_meanings) {
    const std::string number = std::to_string(static_cast<int>(one.code));
    text.append("\n").append(5 - number.size(), ' ').append(number).append("  ");
    text.append(wrapped(one.meaning, 80, 7));
  }
  return text;
}

const std::string_view send_footer =
    R"(For NaN and infinities write -m NaN, -m Infinity, -m -Infinity. The server's
options (-H, -P, -T, -I) and the exit codes are in `riemann-cli --help`.

With --stdin each line (of at most 1 MiB) is an event, in one of these formats:
  ndjson   an object with the keys that `query` prints; null leaves a field out.
           The array that `query` prints is read too.
  csv      a header, then records, as in RFC 4180. Columns are named like the
           keys, an attribute k's is attributes.k. Tags are separated by
           semicolons (\; for one that is part of a tag, \\ for a backslash). An
           empty value says nothing, "" is an empty text; an empty host is none.
  metrics  what the C client reads: a metric, a state, or a metric and a state.
What a line does not say is taken from the options; its tags and attributes come
on top of theirs. Without a time it gets that of its reading.

Events go in batches, and reading waits while many are not answered. Bad lines
are told of (of many, some, and the numbers of the others) and left out; a key
that is there twice makes one, and text that is not UTF-8. The last line reads
`lines N bad N acked N rejected N unknown N not_sent N`, and over udp ` sent N`;
--no-echo leaves it out. SIGINT, SIGTERM or SIGHUP ends the reading; what is on
its way is waited for, at most --timeout, and the last line is true then, too.
With -T none the events are printed, as ndjson, and nothing is sent; the last
line, `lines N bad N shown N`, goes to standard error.

  riemann-cli send -s "api latency" -S ok -m 0.21 -t prod -a env=prod -l 60
  riemann-cli send --stdin --reject-file bad.ndjson < events.ndjson
  vmstat -n 1 | awk '{ print $15; fflush() }' |
    riemann-cli send --stdin --format metrics -s idle -l 10)";

const std::string_view query_footer =
    R"(The answer is sorted by host and service. Its keys, or columns, are host,
service, state, description, metric, tags, ttl, time, time_micros and
attributes; what an event does not have is left out, but for "host": null.
  json     an array, one event a line. An integer metric has no point, others
           always have one; "NaN", "Infinity" and "-Infinity" are strings.
  ndjson   the same without brackets and commas: `send --stdin` reads it
  csv      with a header: `send --stdin` reads it, too
  table    metrics to six digits; as wide as the terminal (elsewhere as COLUMNS
           says, or nothing is clipped); the ttl and the time go before names
           are clipped; states in colours (unless NO_COLOR is set)
With --watch a terminal that is not dumb shows the last answer; elsewhere they
follow each other, with a blank line between. SIGINT ends it.
Of an answer of more than a million events nothing is shown: ask for less.
The server's options (-H, -P, -T, -I) and the exit codes are in
`riemann-cli --help`.

  riemann-cli query 'state = "critical" and tagged "prod"'
  riemann-cli query 'true' --watch 5)";

const std::string_view ping_footer =
    R"(An empty message is sent, which changes nothing, and its answer waited for, on
a connection that is open already. A round trip that fails is told of, and the
last failure's exit code is the program's.

  riemann-cli -H riemann.example.net ping --count 5 --interval 0.2)";

const std::string_view completion_footer =
    R"(For bash, in ~/.bashrc; for zsh, in ~/.zshrc, behind compinit; for fish, a file:

  source <(riemann-cli completion bash)
  source <(riemann-cli completion zsh)
  riemann-cli completion fish > ~/.config/fish/completions/riemann-cli.fish)";

const std::string_view man_footer =
    R"(For man's macros:

  riemann-cli man | man -l -)";

const std::string_view serve_footer =
    R"(It keeps the last event of each host and service, in memory, and answers
queries. Regular expressions (`~=`) are RE2's, not all of Java's. With --sink it
keeps none, only counts them, and looks into none: queries then find nothing.
With --journal each message is in the file (4 bytes of big-endian length, then
the message) before its acknowledgement goes out, even if the server is killed
then; what cannot be written there is rejected. Datagrams are not kept.
It has no protection: anybody who reaches the address may read and write. Once
it listens it prints a line `ready tcp=ADDRESS:PORT udp=ADDRESS:PORT`, and it
runs until SIGINT, SIGTERM or SIGHUP.

With --tls the line goes on ` tls=ADDRESS:PORT`, and, if it made throw-away
certificates, ` certificates=DIRECTORY`: ca.pem for clients to trust, client.pem
and client.key for them to show, server.pem and server.key. They are for
localhost and this machine, for 30 days. A Riemann can be given them, too.

  riemann-cli serve --port 0
  riemann-cli serve --tls --mutual --tls-dir tls
  riemann-cli -T tls -C tls/ca.pem --certfile tls/client.pem \
    --keyfile tls/client.key send -s x)";

const std::string_view agent_footer =
    R"(Reports cpu (and by kind), load, memory, swap, filesystems, disks, network,
uptime, processes and temperatures, as far as the kernel tells; `-T none agent
--count 1` prints them all. Each round is one message. A round that fails is
lost, not repeated, and the agent goes on. SIGINT, SIGTERM or SIGHUP ends it;
it then waits for the answers owed, at most --timeout, and its last line reads
`acked N rejected N unknown N not_sent N`, in messages, and over udp ` sent N`.
With -T none it prints the events and sends nothing; the last line, `shown N`,
goes to standard error.

A figure's state is ok unless a threshold is reached. These are set:
  cpu=0.9:0.95  load=3:8  memory=0.85:0.95  disk=0.9:0.95  temperature=85:95
cpu, memory and disk are fractions, load is per processor, temperatures are in
degrees Celsius, rates per second. FIGURE is a name as it is printed; `disk`
and `temperature` alone stand for all of theirs, and a star for any text. Of
several that fit, the last given holds. One of the two numbers may be left
out. With the greater one first, or a `<` before them, what is below is bad.
FIGURE=off: always ok. The server's options (-H, -P, -T, -I) and the exit
codes are in `riemann-cli --help`.

  riemann-cli -H riemann.example.net agent --interval 10 --tag prod
  riemann-cli agent --threshold 'disk /home=0.8:0.9' \
    --threshold 'network * errors=1:100' --threshold 'cpu idle=0.2:0.05')";

const std::string_view bench_footer =
    R"(Sends events as fast as they are answered, and prints a table: the rate of
those that were delivered, every outcome, how long answers took (of a message,
from its last byte given to the kernel), bytes, and the CPU time of this
program. On a terminal figures are shown each second. SIGINT, SIGTERM or SIGHUP
ends it early; what was sent is waited for, and told. Over udp nothing is
answered, so that the rate is what was handed to the kernel; with -T none it is
what was encoded, this program's own part. Not for a server that others rely
on. The server's options (-H, -P, -T, -I) and the exit codes are in
`riemann-cli --help`; if any event fails, the code is that of the first.

  riemann-cli serve --sink
  riemann-cli bench --seconds 5
  riemann-cli bench --events 10000000 --batch 100 --connections 2 --threads 2)";

} // namespace riemann::cli::help
