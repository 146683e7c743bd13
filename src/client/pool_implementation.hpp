#ifndef RIEMANN_CLIENT_POOL_IMPLEMENTATION_HPP
#define RIEMANN_CLIENT_POOL_IMPLEMENTATION_HPP

#include "client/router.hpp"

#include <riemann/connection_change.hpp>
#include <riemann/pool_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace riemann::inline v0::clients {

/// Equal transports, of which the least busy is chosen.
class pool_implementation final : public router {
public:
  using transports = std::vector<std::shared_ptr<detail::implementation>>;

  /// One to 64 of them.
  pool_implementation(const boost::asio::any_io_executor& executor,
                      std::chrono::milliseconds retry_interval, const transports& inside,
                      const time_source& time = steady_time());

  /// News of a connection: it is open, or it was lost or cannot be opened. What waits at
  /// one of these goes to another.
  void heard_of(place p, bool open);
  /// Tells that of what happens to a connection, which may go on after this is gone.
  [[nodiscard]] connection_observer observer_of(place p);

private:
  struct member {
    std::shared_ptr<detail::implementation> transport;
    std::size_t outstanding = 0;
    bool failed = false;      ///< when it was heard of last
    bool open = false;        ///< the same; neither before anything is known
    bool reopening = false;   ///< by a connect of our own
    std::uint64_t losses = 0; ///< and vain tries that were heard of, ever
    clock::time_point retry_at{};
  };

  [[nodiscard]] route first_route(const routed_send& what, clock::time_point now) override;
  [[nodiscard]] bool goes_on(const routed_send& what, place by,
                             boost::system::error_code error) const override;
  [[nodiscard]] route next_route(routed_send& what, boost::system::error_code error) override;
  void ended_at(const routed_send& what, place by,
                boost::system::error_code error) noexcept override;
  void finished(routed_send& what) noexcept override;
  [[nodiscard]] bool names_all() const noexcept override { return true; }
  [[nodiscard]] std::size_t opened() const noexcept override { return members_.size(); }
  [[nodiscard]] joint_wait::need connect_needs() const noexcept override;
  [[nodiscard]] std::size_t count() const noexcept override { return members_.size(); }
  void visit(const visitor& each) const override;

  /// Waits where nothing goes on, and is not on its way from there.
  [[nodiscard]] bool is_stuck(const routed_send& what) const noexcept;
  /// `untried_first`: rather one that has failed than where it was already, and where others
  /// still are.
  [[nodiscard]] route choose(const routed_send& what, bool untried_first = false);
  [[nodiscard]] bool somebody_is_busy() const noexcept;
  void put_back(routed_send& what) noexcept;
  void reopen_failed(clock::time_point now) noexcept;
  void reopen(place p) noexcept;
  void reopened(place p, boost::system::error_code error);
  void set_failed(place p, bool failed) noexcept;
  void look_through_anew() noexcept;
  void forget_moves_in_vain() noexcept;
  void move_on() noexcept;

  const std::chrono::milliseconds retry_interval_;
  std::vector<member> members_{};
  std::size_t failed_ = 0;                  ///< of them
  std::size_t moving_ = 0;                  ///< messages
  std::size_t moving_limit_;                ///< at a time
  bool crowded_ = false;                    ///< nobody had room, and none has come since
  std::size_t withdrawn_ = 0;               ///< those that have not left
  detail::operation_id looked_through_ = 0; ///< those up to it are not to be moved
};

} // namespace riemann::inline v0::clients

#endif
