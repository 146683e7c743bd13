#ifndef RIEMANN_CLI_SERVE_TLS_HPP
#define RIEMANN_CLI_SERVE_TLS_HPP

#include "cli/settings.hpp"

#include <riemann/testkit/server.hpp>

#include <string>

namespace riemann::cli {

/// What `serve` shows over TLS: the certificates it was given, or throw-away ones in a
/// directory for clients to find. One that it has made goes with it.
class serve_credentials {
public:
  /// Throws a `failure` that names the file.
  explicit serve_credentials(const serve_settings& settings);
  serve_credentials(const serve_credentials&) = delete;
  serve_credentials& operator=(const serve_credentials&) = delete;
  ~serve_credentials();

  [[nodiscard]] const testkit::server_tls_options& options() const noexcept { return options_; }
  /// Where throw-away ones are; empty if there are none.
  [[nodiscard]] const std::string& directory() const noexcept { return directory_; }

private:
  void read(const serve_tls_settings& settings);
  void make(const serve_settings& settings);
  void remove() noexcept;

  testkit::server_tls_options options_{};
  std::string directory_{};
  bool removes_directory_ = false;
};

} // namespace riemann::cli

#endif
