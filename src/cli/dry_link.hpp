#ifndef RIEMANN_CLI_DRY_LINK_HPP
#define RIEMANN_CLI_DRY_LINK_HPP

#include "cli/server_link.hpp"

namespace riemann::cli {

/// No server: everything counts as acknowledged, and queries match nothing.
class dry_link final : public server_link {
public:
  boost::asio::awaitable<boost::system::error_code> connect() override;
  boost::asio::awaitable<answer> send(message m,
                                      std::chrono::steady_clock::duration deadline) override;
  boost::asio::awaitable<boost::system::error_code>
  disconnect(std::chrono::steady_clock::duration deadline) override;
  [[nodiscard]] tally messages() const override { return messages_; }

private:
  tally messages_{};
};

} // namespace riemann::cli

#endif
