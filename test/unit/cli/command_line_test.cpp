#include "cli/command_line.hpp"
#include "cli/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace riemann::cli;
using namespace std::chrono_literals;

namespace {

using arguments = std::vector<std::string>;

surroundings around()
{
  surroundings result;
  result.hostname = "here";
  result.now = riemann::timestamp::from_micros(1'700'000'000'000'042);
  return result;
}

template <class Settings>
Settings parse(const arguments& given, const surroundings& where = around())
{
  const command parsed = parse_command_line(given, where);
  BOOST_REQUIRE(std::holds_alternative<Settings>(parsed));
  return std::get<Settings>(parsed);
}

riemann::event event_of(arguments given)
{
  given.insert(given.begin(), "send");
  return parse<send_settings>(given).event;
}

std::string complaint(const arguments& given, const surroundings& where = around())
{
  try {
    parse_command_line(given, where);
  } catch (const failure& error) {
    BOOST_TEST((error.code() == exit_code::usage));
    BOOST_TEST(std::string_view{error.what()}.find('\n') == std::string_view::npos);
    return error.what();
  }
  return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_command_line)

BOOST_AUTO_TEST_CASE(server_when_not_given_then_defaults_or_environment)
{
  const auto plain = parse<query_settings>({"query", "true"}).server;
  BOOST_TEST(plain.host == "localhost");
  BOOST_TEST(plain.port == 5555);
  BOOST_TEST((plain.transport == transport_kind::tcp));
  BOOST_TEST((plain.timeout == 5s));

  auto where = around();
  where.host = "elsewhere";
  where.port = "6666";
  const auto set = parse<query_settings>({"query", "true"}, where).server;
  BOOST_TEST(set.host == "elsewhere");
  BOOST_TEST(set.port == 6666);
  const auto given = parse<query_settings>({"-H", "h", "-P", "7", "query", "true"}, where).server;
  BOOST_TEST(given.host == "h");
  BOOST_TEST(given.port == 7);
}

BOOST_AUTO_TEST_CASE(tls_when_not_given_then_defaults_and_its_own_port)
{
  const auto plain = parse<query_settings>({"-T", "tls", "query", "true"}).server;
  BOOST_TEST((plain.transport == transport_kind::tls));
  BOOST_TEST(plain.port == 5554);
  BOOST_TEST(plain.tls.ca_certs.empty());
  BOOST_TEST(!plain.tls.insecure);
  BOOST_TEST((plain.tls.min_version == riemann::tls_version::tls_1_2));
}

BOOST_AUTO_TEST_CASE(tls_when_given_or_in_the_environment_then_so)
{
  auto where = around();
  where.transport = "tls";
  where.ca_certs = "ca";
  where.certfile = "cert";
  where.keyfile = "key";
  where.key_password = "secret";
  where.tls_server_name = "name";
  where.tls_min_version = "1.3";
  const auto set = parse<query_settings>({"query", "true"}, where).server;
  BOOST_TEST((set.transport == transport_kind::tls));
  BOOST_TEST(set.tls.ca_certs == "ca");
  BOOST_TEST(set.tls.certfile == "cert");
  BOOST_TEST(set.tls.keyfile == "key");
  BOOST_TEST(set.tls.key_password.value() == "secret");
  BOOST_TEST(set.tls.server_name == "name");
  BOOST_TEST((set.tls.min_version == riemann::tls_version::tls_1_3));
  const auto given =
      parse<query_settings>({"-C", "a", "--certfile", "b", "--keyfile", "c", "--tls-server-name",
                             "d", "--tls-min-version", "1.2", "-P", "7",
                             "--insecure-skip-verification", "query", "true"},
                            where)
          .server;
  BOOST_TEST(given.tls.ca_certs == "a");
  BOOST_TEST(given.tls.certfile == "b");
  BOOST_TEST(given.tls.keyfile == "c");
  BOOST_TEST(given.tls.server_name == "d");
  BOOST_TEST((given.tls.min_version == riemann::tls_version::tls_1_2));
  BOOST_TEST(given.tls.insecure);
  BOOST_TEST(given.port == 7);
}

BOOST_AUTO_TEST_CASE(serve_when_tls_is_asked_for_then_its_port_follows_the_other)
{
  BOOST_TEST(!parse<serve_settings>({"serve"}).tls.has_value());
  BOOST_TEST(parse<serve_settings>({"serve", "--tls"}).tls.value().port == 5554);
  BOOST_TEST(parse<serve_settings>({"serve", "--port", "0", "--tls"}).tls.value().port == 0);
  BOOST_TEST(parse<serve_settings>({"serve", "--tls", "--port", "0", "--tls-port", "9"})
                 .tls.value()
                 .port == 9);
}

BOOST_AUTO_TEST_CASE(server_when_environment_is_wrong_then_names_it)
{
  auto where = around();
  where.port = "abc";
  BOOST_TEST(complaint({"query", "true"}, where).starts_with("RIEMANN_PORT 'abc' is not a port"));
  where.port.reset();
  where.host = "a:1";
  BOOST_TEST(complaint({"send"}, where).starts_with("RIEMANN_HOST 'a:1' has a port"));
}

BOOST_AUTO_TEST_CASE(server_options_when_before_or_after_command_then_same)
{
  for (const auto& given :
       {arguments{"-H", "::1", "-P", "1", "-I", "0.5", "-T", "tls", "query", "q"},
        arguments{"query", "q", "--host=[::1]", "--port=1", "--timeout=0.5", "--transport=tls"},
        arguments{"query", "-H", "::1", "-P1", "-I", ".5", "-T", "tls", "q"}}) {
    const auto settings = parse<query_settings>(given);
    BOOST_TEST(settings.query == "q");
    BOOST_TEST(settings.server.host == "::1");
    BOOST_TEST(settings.server.port == 1);
    BOOST_TEST((settings.server.timeout == 500ms));
    BOOST_TEST((settings.server.transport == transport_kind::tls));
  }
}

BOOST_AUTO_TEST_CASE(server_options_when_repeated_then_the_last)
{
  BOOST_TEST(parse<query_settings>({"-P", "1", "query", "q", "-P", "2"}).server.port == 2);
}

BOOST_AUTO_TEST_CASE(send_when_everything_is_given_then_an_event)
{
  const auto settings =
      parse<send_settings>({"-H", "server", "-T", "none", "send", "-T",     "1.5",   "-S", "ok",
                            "-s", "svc",    "-h", "box",  "-d",   "words",  "-t",    "a",  "-t",
                            "b",  "-l",     "60", "-a",   "k=v",  "--attr", "x=y=z", "-m", "42"});
  riemann::event expected{
      .host = "box", .service = "svc", .state = "ok", .metric = 42, .tags = {"a", "b"}};
  expected.ttl = 60s;
  expected.time = riemann::timestamp::from_micros(1'500'000);
  expected.description = "words";
  expected.attributes = {{"k", "v"}, {"x", "y=z"}};
  BOOST_TEST((settings.event == expected));
  BOOST_TEST(settings.server.host == "server");
  BOOST_TEST((settings.server.transport == transport_kind::none));
  BOOST_TEST(settings.echo);
}

BOOST_AUTO_TEST_CASE(send_when_one_field_is_given_then_that_and_host_and_time)
{
  riemann::event expected{.host = "here", .service = "s"};
  expected.time = around().now;
  BOOST_TEST((event_of({"-s", "s"}) == expected));
}

BOOST_AUTO_TEST_CASE(send_when_long_host_then_the_events_after_and_the_servers_before)
{
  const auto settings = parse<send_settings>({"--host", "server", "send", "--host", "box"});
  BOOST_TEST(settings.server.host == "server");
  BOOST_TEST(*settings.event.host == "box");
}

BOOST_AUTO_TEST_CASE(send_when_values_are_strange_then_taken_as_they_are)
{
  BOOST_TEST((event_of({"-m", "-5"}).metric == riemann::metric{-5}));
  BOOST_TEST((event_of({"-m", "-.5"}).metric == riemann::metric{-0.5}));
  BOOST_TEST((event_of({"-m", "-Infinity"}).metric == riemann::metric{-HUGE_VAL}));
  BOOST_TEST((event_of({"--metric=-5"}).metric == riemann::metric{-5}));
  BOOST_TEST(event_of({"-d", ""}).description.value() == "");
  BOOST_TEST(event_of({"--description="}).description.value() == "");
  BOOST_TEST(event_of({"-d", "--x="}).description.value() == "--x=");
  const auto empty = event_of({"--state=", "--description=full"});
  BOOST_TEST(empty.state.value() == "");
  BOOST_TEST(empty.description.value() == "full");
  BOOST_TEST(event_of({"-d", "-x"}).description.value() == "-x");
  BOOST_TEST(event_of({"-d", "send"}).description.value() == "send");
  BOOST_TEST(event_of({"-d", "{}"}).description.value() == "{}");
  BOOST_TEST(event_of({"-d", "[a,b]"}).description.value() == "[a,b]");
  BOOST_TEST(event_of({"-d", "\"quoted\""}).description.value() == "\"quoted\"");
  BOOST_TEST(event_of({"-s", "two words"}).service.value() == "two words");
  for (const char* tag : {"[a,b]", "{}", "", "a,b", "x=y", "%%", "-t"}) {
    BOOST_TEST_CONTEXT(tag)
    {
      const auto tags = event_of({"-t", tag, "-t", "other"}).tags;
      BOOST_REQUIRE(tags.size() == 2U);
      BOOST_TEST(tags[0] == tag);
    }
  }
  BOOST_TEST(event_of({"-a", "k=[a,b]"}).attributes.at(0).value.value() == "[a,b]");
}

BOOST_AUTO_TEST_CASE(flags_when_they_have_a_value_then_are_refused)
{
  for (const char* value : {"=false", "=", "=banana"}) {
    const std::string sentence = complaint(
        {"-T", "tls", std::string{"--insecure-skip-verification"} + value, "query", "true"});
    BOOST_TEST(sentence.starts_with("--insecure-skip-verification takes no value; "), sentence);
  }
  BOOST_TEST(!complaint({"serve", "--sink=false"}).empty());
  BOOST_TEST(complaint({"send", "--unknown="}).find('\0') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(send_when_echo_flags_then_as_said)
{
  BOOST_TEST(parse<send_settings>({"send", "-s", "x", "--echo"}).echo);
  BOOST_TEST(!parse<send_settings>({"send", "-s", "x", "--no-echo"}).echo);
  BOOST_TEST(!complaint({"send", "--echo", "--no-echo"}).empty());
}

BOOST_AUTO_TEST_CASE(query_when_text_is_strange_then_taken_as_it_is)
{
  for (const char* text :
       {"true", "state = \"ok\"", "send", "agent", "", "[a]", "{}", "nil", "5"}) {
    BOOST_TEST_CONTEXT(text)
    {
      BOOST_TEST(parse<query_settings>({"query", text}).query == text);
    }
  }
  BOOST_TEST(parse<query_settings>({"query", "--", "-5 = metric"}).query == "-5 = metric");
}

BOOST_AUTO_TEST_CASE(serve_when_port_then_zero_is_allowed)
{
  BOOST_TEST(parse<serve_settings>({"serve"}).port == 5555);
  BOOST_TEST(parse<serve_settings>({"serve"}).address == "127.0.0.1");
  BOOST_TEST(parse<serve_settings>({"serve", "--port", "0"}).port == 0);
  BOOST_TEST(parse<serve_settings>({"-P", "0", "serve"}).port == 0);
  BOOST_TEST(parse<serve_settings>({"serve", "--address", "[::1]"}).address == "::1");
  BOOST_TEST(!parse<serve_settings>({"serve"}).sink);
  BOOST_TEST(parse<serve_settings>({"serve", "--sink"}).sink);
  BOOST_TEST(parse<serve_settings>({"serve"}).journal.empty());
  BOOST_TEST(parse<serve_settings>({"serve", "--journal", "a b"}).journal == "a b");
  auto where = around();
  where.port = "7777";
  BOOST_TEST(parse<serve_settings>({"serve"}, where).port == 7777);
}

BOOST_AUTO_TEST_CASE(agent_when_given_options_then_settings)
{
  const auto plain = parse<agent_settings>({"agent"});
  BOOST_TEST((plain.interval == 5s));
  BOOST_TEST(plain.count == 0U);
  BOOST_TEST(plain.event_host == "here");
  BOOST_TEST(!plain.echo);
  const auto given =
      parse<agent_settings>({"agent", "--interval", "0.5", "--count", "3", "--event-host", "box",
                             "-t", "a", "--tag", "b", "--echo", "-P", "1"});
  BOOST_TEST((given.interval == 500ms));
  BOOST_TEST(given.count == 3U);
  BOOST_TEST(given.event_host == "box");
  BOOST_TEST(given.tags.size() == 2U);
  BOOST_TEST(given.echo);
  BOOST_TEST(given.server.port == 1);
  BOOST_TEST(parse<agent_settings>({"agent", "-T", "none"}).echo);
}

BOOST_AUTO_TEST_CASE(agent_when_given_thresholds_then_the_last_that_fits_holds)
{
  using riemann::severity;
  const auto plain = parse<agent_settings>({"agent"}).limits;
  BOOST_TEST((plain.judge("cpu", 0.9) == severity::warning));
  const auto limits = parse<agent_settings>({"agent", "--threshold", "cpu=0.5:0.6", "--threshold",
                                             "disk=0.1:0.2", "--threshold", "cpu=off"})
                          .limits;
  BOOST_TEST((limits.judge("cpu", 0.99) == severity::ok));
  BOOST_TEST((limits.judge("disk /", 0.2) == severity::critical));
}

BOOST_AUTO_TEST_CASE(bench_when_given_options_then_settings)
{
  const auto plain = parse<bench_settings>({"bench"});
  BOOST_TEST(plain.events == 0U);
  BOOST_TEST((plain.time == 10s));
  BOOST_TEST(plain.server.window == 1'000U);
  BOOST_TEST(plain.batch + plain.connections + plain.threads == 3U);
  BOOST_TEST(plain.event_host == "here");
  const auto given = parse<bench_settings>({"bench", "--events", "7", "--batch", "2", "--window",
                                            "3", "--connections", "5", "--threads", "4"});
  BOOST_TEST((given.events == 7U && given.time == 0s));
  BOOST_TEST((given.batch == 2U && given.server.window == 3U));
  BOOST_TEST((given.connections == 5U && given.threads == 4U));
  const auto both = parse<bench_settings>({"bench", "--events", "7", "--seconds", "0.5"});
  BOOST_TEST((both.events == 7U && both.time == 500ms));
}

BOOST_AUTO_TEST_CASE(help_and_version_when_asked_then_text)
{
  for (const auto& given :
       {arguments{"--help"}, arguments{"send", "--help"}, arguments{"query", "--help"},
        arguments{"serve", "--help"}, arguments{"agent", "--help"}, arguments{"bench", "--help"}}) {
    BOOST_TEST(parse<text_to_print>(given).text.find("Usage: riemann-cli") != std::string::npos);
  }
  const auto text = parse<text_to_print>({"--help"}).text;
  for (const char* code : {"    0  ", "    1  ", "    2  ", "    3  ", "    4  ", "    5  ",
                           "    6  ", "    7  ", "    8  ", "  130  ", "  143  "}) {
    BOOST_TEST(text.find(std::string{"\n"} + code) != std::string::npos, code);
  }
  BOOST_TEST(parse<text_to_print>({"--version"}).text.starts_with("riemann-cli "));
}

BOOST_AUTO_TEST_CASE(text_when_not_utf8_then_refused_by_the_name_of_its_option)
{
  const auto refuses = [](const arguments& given, const std::string& name) {
    const std::string sentence = complaint(given);
    BOOST_TEST(sentence.starts_with(name + " '"), sentence);
    BOOST_TEST(sentence.find("is not UTF-8") != std::string::npos, sentence);
  };
  for (const char* name : {"--service", "--state", "--host", "--description", "--tag"}) {
    refuses({"send", name, "a\xFF"}, name);
  }
  refuses({"send", "-t", "fine", "-t", "\xC3"}, "--tag");
  refuses({"send", "-a", "\xFF=v"}, "--attribute");
  refuses({"send", "-a", "k=\xFF"}, "--attribute");
  refuses({"send", "--stdin", "-s", "\xFF"}, "--service");
  refuses({"query", "state = \"\xFF\""}, "QUERY");
  refuses({"agent", "--event-host", "\xFF"}, "--event-host");
  refuses({"agent", "--tag", "\xFF"}, "--tag");
  // The names of files are bytes.
  BOOST_TEST(parse<stream_settings>({"send", "--stdin", "--reject-file", "\xFF"}).reject_file ==
             "\xFF");
  BOOST_TEST(event_of({"-s", "\xC3\xA4"}).service.value() == "\xC3\xA4");
}

BOOST_AUTO_TEST_CASE(text_when_it_must_not_be_empty_then_refused_by_the_name_of_its_option)
{
  const auto refuses = [](const arguments& given, const std::string& start) {
    const std::string sentence = complaint(given);
    BOOST_TEST(sentence.starts_with(start), sentence);
  };
  refuses({"agent", "--tag", ""}, "--tag '' is empty; give a text, or leave it out");
  refuses({"agent", "-t", "a", "-t", ""}, "--tag '' is empty");
  refuses({"agent", "--event-host", ""}, "--event-host '' is empty");
  refuses({"agent", "--host", ""}, "--host '' names no host");
  refuses({"send", "--attribute", ""}, "--attribute '' is not KEY=VALUE");
  refuses({"send", "--stdin", "--reject-file", ""}, "--reject-file '' names no file");
  refuses({"serve", "--journal", ""}, "--journal '' names no file");
  // An event may have them.
  BOOST_TEST((event_of({"--tag", ""}).tags == riemann::tag_list{""}));
  BOOST_TEST(event_of({"--host", ""}).host.value().empty());
}

BOOST_AUTO_TEST_CASE(help_when_a_command_then_as_its_option)
{
  const auto text = [](const arguments& given) { return parse<text_to_print>(given).text; };
  BOOST_TEST(text({"help"}) == text({"--help"}));
  for (const char* command :
       {"send", "query", "ping", "serve", "agent", "bench", "completion", "man", "help"}) {
    BOOST_TEST(text({"help", command}) == text({command, "--help"}), command);
    BOOST_TEST(text({"--help"}).find("\n  " + std::string{command} + " ") != std::string::npos,
               command);
  }
  // It needs no config file, good or bad.
  auto where = around();
  where.config = "file";
  where.read_file = [](const std::string&) { return "hots = 1\n"; };
  BOOST_TEST(!parse<text_to_print>({"help", "send"}, where).text.empty());
}

BOOST_AUTO_TEST_CASE(mistakes_when_made_then_one_sentence_that_names_them)
{
  const auto says = [](const arguments& given, std::string_view what) {
    const std::string sentence = complaint(given);
    BOOST_TEST(sentence.find(what) != std::string::npos,
               "'" << sentence << "' does not hold '" << what << "'");
  };
  says({}, "no command given; see `riemann-cli --help`");
  says({"bogus"}, "unknown command 'bogus'");
  says({"-P", "1"}, "no command given");
  says({"send", "--bogus"}, "unknown option '--bogus'; see `riemann-cli send --help`");
  says({"--bogus", "send"}, "unknown option '--bogus'");
  says({"send", "-x"}, "unknown option '-x'; see `riemann-cli send --help`");
  says({"query", "-help"}, "unknown option '-help' (did you mean --help?)");
  says({"help", "snd"}, "unknown command 'snd' (did you mean send?); the commands are send, query");
  says({"help", "send", "more"}, "unexpected argument 'more'; see `riemann-cli help --help`");
  says({"send", "extra"}, "unexpected argument 'extra'");
  says({"query"}, "no query given");
  says({"query", "state", "=", "\"ok\""}, "put the whole query in quotes");
  says({"send", "-m"}, "--metric needs a value; see `riemann-cli send --help`");
  says({"-P"}, "--port needs a value; see `riemann-cli --help`");
  says({"send", "-m", "12abc"}, "--metric '12abc' is not a number");
  says({"send", "-a", "novalue"}, "--attribute 'novalue'");
  says({"-T", "pigeon", "send"}, "--transport 'pigeon' is not offered; give tcp, tls, udp or none");
  says({"-P", "0", "send"}, "--port '0' is not a port");
  says({"-I", "0", "send"}, "--timeout '0'");
  says({"agent", "--interval", "0"}, "--interval '0' is out of range; give 0.05 seconds or more");
  says({"agent", "--interval", "0.01"}, "0.05 seconds or more");
  says({"-T", "udp", "query", "true"}, "udp brings none");
  says({"-T", "none", "query", "true"}, "a query needs an answer, and with -T none nobody");
  says({"-T", "none", "ping"}, "a ping needs an answer, and with -T none nobody");
  says({"-T", "tls", "--tls-min-version", "1.1", "send"}, "'1.1' is not offered; give 1.2 or 1.3");
  says({"-C", "x", "send"}, "--ca-certs is for TLS; give -T tls too");
  says({"-T", "tls", "--keyfile", "x", "send"}, "give its --certfile too");
  says({"serve", "--mutual"}, "--mutual is for TLS; give --tls too");
  says({"serve", "--tls", "--certfile", "x", "--tls-dir", "y"}, "for throw-away certificates");
  says({"agent", "--count", "-1"}, "--count '-1'");
  says({"agent", "--threshold", "cpu"}, "--threshold 'cpu' is not FIGURE=WARNING:CRITICAL");
  says({"agent", "--threshold"}, "--threshold needs a value");
  says({"serve", "--address", "nowhere"}, "--address 'nowhere'");
  says({"-H", "h", "serve"}, "--host is for clients: serve listens on its --address");
  says({"serve", "-T", "tls"},
       "--transport is for clients: serve listens for TCP and UDP, and with --tls");
  says({"-C", "x", "serve", "--tls"}, "--ca-certs is for clients");
  says({"send"}, "nothing to send; give --service");
  says({"send", "--no-echo", "--metric-type", "int"}, "nothing to send");
  says({"send", "query", "q"}, "unexpected argument 'query'");
}

BOOST_AUTO_TEST_SUITE_END()
