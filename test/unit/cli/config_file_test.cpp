#include "cli/command_line.hpp"
#include "cli/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

using namespace riemann::cli;

namespace {

/// Files that are there.
surroundings with_files(std::map<std::string, std::string> files)
{
  surroundings around{.usual_config = files.contains("usual") ? "usual" : ""};
  around.read_file = [files = std::move(files)](const std::string& name) {
    const auto found = files.find(name);
    return found == files.end() ? std::nullopt : std::optional{found->second};
  };
  return around;
}

server_settings server_of(std::vector<std::string> arguments, const surroundings& around)
{
  arguments.insert(arguments.end(), {"query", "true"});
  return std::get<query_settings>(parse_command_line(arguments, around)).server;
}

/// What is sent if the file has that in its section `send`.
riemann::event event_of(const std::string& lines)
{
  const auto around = with_files({{"usual", "[send]\n" + lines}});
  return std::get<send_settings>(parse_command_line({"send"}, around)).event;
}

std::vector<std::string> tags_of(const std::string& file)
{
  const auto tags =
      std::get<send_settings>(parse_command_line({"send"}, with_files({{"usual", file}})))
          .event.tags;
  return {tags.begin(), tags.end()};
}

/// How a file is refused.
std::string refusal_of(const std::string& file)
{
  try {
    parse_command_line({"send"}, with_files({{"usual", file}}));
  } catch (const failure& refused) {
    BOOST_TEST((refused.code() == exit_code::usage));
    return refused.what();
  }
  return "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_config_file)

BOOST_AUTO_TEST_CASE(serve_when_the_command_line_says_otherwise_then_that_holds)
{
  const auto around = with_files({{"usual", "[serve]\nport = 6000\ntls-dir = \"d\"\n"}});
  const auto serve = [&](const std::vector<std::string>& arguments) {
    return std::get<serve_settings>(parse_command_line(arguments, around));
  };
  BOOST_TEST(serve({"serve"}).port == 6000);
  BOOST_TEST(serve({"-P", "7000", "serve"}).port == 7000);
  BOOST_TEST(serve({"serve", "-P", "8000"}).port == 8000);
  // What it says of TLS goes unheeded without it.
  BOOST_TEST(!serve({"serve"}).tls.has_value());
  BOOST_TEST(serve({"serve", "--tls"}).tls.value().directory == "d");
}

BOOST_AUTO_TEST_CASE(
    option_when_given_in_several_places_then_command_line_environment_file_in_this_order)
{
  surroundings around = with_files({{"usual", "host = \"file\"\nport = 1\ntimeout = 3\n"}});
  BOOST_TEST(server_of({}, around).host == "file");
  BOOST_TEST(server_of({}, around).port == 1);
  around.host = "environment";
  BOOST_TEST(server_of({}, around).host == "environment");
  BOOST_TEST(server_of({"-H", "written"}, around).host == "written");
  BOOST_TEST((server_of({}, around).timeout == std::chrono::seconds{3}));
}

BOOST_AUTO_TEST_CASE(file_when_named_then_in_place_of_the_usual_one)
{
  surroundings around =
      with_files({{"usual", "host = 'usual'"}, {"a", "host = 'a'"}, {"b", "host = 'b'"}});
  BOOST_TEST(server_of({}, around).host == "usual");
  around.config = "a";
  BOOST_TEST(server_of({}, around).host == "a");
  BOOST_TEST(server_of({"--config", "b"}, around).host == "b");
  BOOST_TEST(server_of({"--config", ""}, around).host == "localhost");
  BOOST_CHECK_THROW(server_of({"--config", "missing"}, around), failure);
  BOOST_TEST(server_of({}, with_files({})).host == "localhost");
}

BOOST_AUTO_TEST_CASE(section_when_of_another_command_then_not_this_ones)
{
  const auto around =
      with_files({{"usual", "[serve]\nport = 7\nsink = true\n[agent]\ninterval = 2.5\n"}});
  BOOST_TEST(server_of({}, around).port == 5555);
  const auto serve = std::get<serve_settings>(parse_command_line({"serve"}, around));
  BOOST_TEST(serve.port == 7);
  BOOST_TEST(serve.sink);
  const auto agent = std::get<agent_settings>(parse_command_line({"agent"}, around));
  BOOST_TEST((agent.interval == std::chrono::milliseconds{2'500}));
}

BOOST_AUTO_TEST_CASE(number_when_of_any_form_then_it_reaches_the_option_as_it_is_written)
{
  const std::vector<std::string> expected{"1.50", "2.5e3", "1000.25", "-0.0", "+7.0", "1E-3"};
  BOOST_TEST(tags_of("[send]\ntag = [1.50, 2.5e3, 1_000.25, -0.0, +7.0, 1E-3]") == expected,
             boost::test_tools::per_element());
  const std::vector<std::string> whole{"5555", "1000000", "255", "8", "3", "-9223372036854775808"};
  BOOST_TEST(tags_of("[send]\ntag = [5555, 1_000_000, 0xFF, 0o10, 0b11, -9223372036854775808]") ==
                 whole,
             boost::test_tools::per_element());
  BOOST_TEST(event_of("metric = 42").metric->is_integer());
  BOOST_TEST(!event_of("metric = 42.0").metric->is_integer());
  BOOST_TEST((event_of("time = 1700000000.123457").time ==
              riemann::timestamp::from_micros(1'700'000'000'123'457)));
}

BOOST_AUTO_TEST_CASE(number_when_no_finite_one_then_called_as_on_the_command_line)
{
  BOOST_TEST(std::isnan(event_of("metric = nan").metric->as_double()));
  BOOST_TEST(event_of("metric = inf").metric->as_double() ==
             std::numeric_limits<double>::infinity());
  BOOST_TEST(event_of("metric = -inf").metric->as_double() ==
             -std::numeric_limits<double>::infinity());
}

BOOST_AUTO_TEST_CASE(number_when_behind_text_of_several_bytes_then_found_where_it_stands)
{
  const std::vector<std::string> expected{"\xC3\xA4", "1.25", "\xE6\x97\xA5", "\xF0\x9F\x98\x80",
                                          "2.50"};
  for (const std::string mark : {"", "\xEF\xBB\xBF"}) {
    for (const std::string end : {"\n", "\r\n"}) {
      const std::string list =
          "tag = ['\xC3\xA4', 1.25, '\xE6\x97\xA5'," + end + "  '\xF0\x9F\x98\x80', 2.50]" + end;
      BOOST_TEST(tags_of(mark + "[send]" + end + list) == expected,
                 boost::test_tools::per_element());
      BOOST_TEST(tags_of(mark + "send." + list) == expected, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(text_when_escaped_or_over_several_lines_then_what_toml_says)
{
  BOOST_TEST(*event_of(R"(service = "a # b\t\u00e4")").service == "a # b\t\xC3\xA4");
  BOOST_TEST(*event_of(R"(service = 'a # \ b')").service == R"(a # \ b)");
  BOOST_TEST(*event_of("service = \"\"\"\na\nb\"\"\"").service == "a\nb");
  BOOST_TEST(*event_of("service = true").service == "true");
  const std::vector<std::string> expected{"a", "b"};
  BOOST_TEST(tags_of("[send] # one\ntag = [\n  'a', # first\n  'b',\n]\n") == expected,
             boost::test_tools::per_element());
  BOOST_TEST(server_of({}, with_files({{"usual", "host = '[::1]'"}})).host == "::1");
}

BOOST_AUTO_TEST_CASE(file_when_wrong_in_several_places_then_the_first_is_told)
{
  BOOST_TEST(refusal_of("zeta = 1\nalpha = 1\n").starts_with("unknown key 'zeta' in usual"));
  BOOST_TEST(refusal_of("[send]\nservice = 1979-05-27\n[other]\n")
                 .starts_with("send.service in usual is a date"));
  BOOST_TEST(refusal_of("[zeta]\n[alpha]\n").starts_with("unknown section [zeta] in usual"));
}

BOOST_AUTO_TEST_SUITE_END()
