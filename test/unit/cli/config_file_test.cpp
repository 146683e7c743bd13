#include "cli/command_line.hpp"
#include "cli/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace riemann::cli;

namespace {

/// Files that are there.
surroundings with_files(std::map<std::string, std::string> files)
{
  surroundings around{.usual_config = "usual"};
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

} // namespace

BOOST_AUTO_TEST_SUITE(cli_config_file)

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
      with_files({{"usual", "host = usual"}, {"a", "host = a"}, {"b", "host = b"}});
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

BOOST_AUTO_TEST_SUITE_END()
