#ifndef RIEMANN_TEST_REAL_VISIT_HPP
#define RIEMANN_TEST_REAL_VISIT_HPP

#include "../integration/patience.hpp"
#include "server_under_test.hpp"

#include <riemann/event.hpp>
#include <riemann/query.hpp>
#include <riemann/sync_client.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace riemann::test {

/// One test's stay with a server that others use too: every service of its events begins
/// with a word that nobody else has, it asks for those alone, nearly each has a ttl, and when it
/// goes it takes them along.
class visit {
public:
  /// With the server of plain TCP, or the one of TLS.
  visit() : visit{sync_client{server_under_test::get().tcp()}} {}
  explicit visit(sync_client client);
  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;
  /// Expires all that it left, and checks that nothing is.
  ~visit();

  [[nodiscard]] std::string service(std::string_view name) const
  {
    return word_ + std::string{name};
  }
  /// An event of that service, which is gone before long whatever happens.
  [[nodiscard]] event named(std::string_view name) const;
  [[nodiscard]] std::vector<event> many(std::size_t count) const;

  /// Sends it, to be acknowledged.
  void put(const event& e);
  /// Those of its own that match as well; in the order of their services, the attributes
  /// in that of their keys.
  [[nodiscard]] std::vector<event> found(const query& more = query::all());
  /// The same, by the names that their services were made of.
  [[nodiscard]] std::multiset<std::string> names(const query& more = query::all());
  /// Asks until there are so many: over UDP nothing says when.
  void wait_for(std::size_t count);

  sync_client client;

private:
  std::string word_;
};

/// Of transports that are not blocking: a context, which a thread runs.
struct with_thread {
  with_thread() : threads{context, 1} {}

  watchdog dog{};
  boost::asio::io_context context{};
  context_threads threads;
};

} // namespace riemann::test

#endif
