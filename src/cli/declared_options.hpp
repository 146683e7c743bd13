#ifndef RIEMANN_CLI_DECLARED_OPTIONS_HPP
#define RIEMANN_CLI_DECLARED_OPTIONS_HPP

#include <CLI/CLI.hpp>
#include <string>

namespace riemann::cli {

/// The commands and their options as CLI11 knows them. It only collects their
/// texts: what they mean is not its business.
class declared_options {
public:
  declared_options();

  [[nodiscard]] CLI::App& app() noexcept { return app_; }
  [[nodiscard]] const CLI::App& app() const noexcept { return app_; }
  [[nodiscard]] const CLI::App& send() const noexcept { return *send_; }
  [[nodiscard]] const CLI::App& query() const noexcept { return *query_; }
  [[nodiscard]] const CLI::App& ping() const noexcept { return *ping_; }
  [[nodiscard]] const CLI::App& completion() const noexcept { return *completion_; }
  [[nodiscard]] const CLI::App& help_command() const noexcept { return *help_; }
  [[nodiscard]] const CLI::App& serve() const noexcept { return *serve_; }
  [[nodiscard]] const CLI::App& agent() const noexcept { return *agent_; }
  [[nodiscard]] const CLI::App& bench() const noexcept { return *bench_; }

private:
  CLI::Option* add(CLI::App& app, const std::string& names, const std::string& type,
                   const std::string& description);
  CLI::Option* add_flag(CLI::App& app, const std::string& name, const std::string& description);
  CLI::App& add_command(const std::string& name, const std::string& description,
                        const std::string& footer);
  void add_server_options();
  void add_tls_options();
  void add_send();
  void add_stdin();
  void add_query();
  void add_ping();
  void add_completion();
  void add_help();
  void add_serve();
  void add_agent();
  void add_bench();

  CLI::App app_;
  CLI::App* send_ = nullptr;
  CLI::App* query_ = nullptr;
  CLI::App* ping_ = nullptr;
  CLI::App* completion_ = nullptr;
  CLI::App* help_ = nullptr;
  CLI::App* serve_ = nullptr;
  CLI::App* agent_ = nullptr;
  CLI::App* bench_ = nullptr;
};

} // namespace riemann::cli

#endif
