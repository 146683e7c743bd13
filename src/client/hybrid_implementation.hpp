#ifndef RIEMANN_CLIENT_HYBRID_IMPLEMENTATION_HPP
#define RIEMANN_CLIENT_HYBRID_IMPLEMENTATION_HPP

#include "client/router.hpp"

#include <riemann/detail/implementation.hpp>
#include <riemann/hybrid_options.hpp>

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/result.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace riemann::inline v0::clients {

/**
 * A stream for what a datagram does not hold, or asks.
 *
 * When the name that datagrams go to has another address, another UDP transport is
 * opened beside the one in use; once it is open it takes that one's place, which is
 * drained and closed.
 */
class hybrid_implementation final : public router {
public:
  using address = boost::system::result<boost::asio::ip::udp::endpoint>;

  /// What it is made of.
  struct parts {
    std::shared_ptr<detail::implementation> stream;
    /// Given the executor: it may hold none itself.
    std::function<std::shared_ptr<detail::implementation>(const boost::asio::any_io_executor&)>
        make_datagrams;
    /// Where one that it has made sends to.
    address (*address_of)(const detail::implementation& datagrams);
  };

  hybrid_implementation(const boost::asio::any_io_executor& executor, const hybrid_options& options,
                        parts inside);

  [[nodiscard]] address datagram_address() const;

private:
  using resolver_type =
      boost::asio::ip::basic_resolver<boost::asio::ip::udp, boost::asio::any_io_executor>;

  static constexpr place stream = 0;
  /// Those for datagrams take the others in turn, so that whose was retired is told by it.
  static constexpr place last_place = 63;

  [[nodiscard]] route first_route(const routed_send& what, clock::time_point now) override;
  [[nodiscard]] bool goes_on(const routed_send& what, place by,
                             boost::system::error_code error) const override;
  [[nodiscard]] route next_route(routed_send& what, boost::system::error_code error) override;
  [[nodiscard]] outcome good_at(place by) const noexcept override;
  [[nodiscard]] std::size_t opened() const noexcept override { return 2; }
  [[nodiscard]] joint_wait::need connect_needs() const noexcept override;
  [[nodiscard]] std::size_t count() const noexcept override { return 2 + retired_.size(); }
  void visit(const visitor& each) const override;
  void stop() noexcept override { drop_replacement(); }
  void on_shutdown() noexcept override { resolver_.reset(); }

  [[nodiscard]] route by_datagram() const;
  void look_up_if_due(clock::time_point now) noexcept;
  void on_found(boost::system::error_code error, const resolver_type::results_type& found);
  void open_replacement() noexcept;
  void drop_replacement() noexcept;
  void on_replacement(boost::system::error_code error, unsigned turn);
  [[nodiscard]] bool retire() noexcept;
  void on_retired(const detail::implementation* which);

  const hybrid_options options_;
  const parts inside_;
  std::shared_ptr<detail::implementation> datagrams_;
  place datagrams_at_ = 1;
  std::shared_ptr<detail::implementation> replacement_{}; ///< until it is open
  unsigned replacements_ = 0;                             ///< ever
  std::vector<std::shared_ptr<detail::implementation>> retired_{};
  /// None where there is no name to look up.
  std::optional<resolver_type> resolver_{};
  bool looking_up_ = false;
  clock::time_point look_up_due_;
};

} // namespace riemann::inline v0::clients

#endif
