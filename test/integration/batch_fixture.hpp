#ifndef RIEMANN_TEST_INTEGRATION_BATCH_FIXTURE_HPP
#define RIEMANN_TEST_INTEGRATION_BATCH_FIXTURE_HPP

#include "tcp_fixture.hpp"

#include <riemann/batch_client.hpp>
#include <riemann/blank_transport.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace riemann::test {

/// Every event has ended, once.
inline void check_books(const batch_statistics& books)
{
  BOOST_TEST(books.events.balanced());
  BOOST_TEST(books.events.live() == 0U);
}

/// What `on_loss` was told.
struct told_losses {
  [[nodiscard]] auto listener()
  {
    return [this](const batch_loss& l) { all.push_back(l); };
  }
  [[nodiscard]] std::uint64_t events() const
  {
    std::uint64_t n = 0;
    for (const batch_loss& l : all) {
      n += l.events;
    }
    return n;
  }

  std::vector<batch_loss> all{};
};

/// A batch client of a transport that answers at once.
struct with_blank : with_context {
  explicit with_blank(batch_options o = {})
  {
    o.on_loss = losses.listener();
    client.emplace(transport, o);
  }
  [[nodiscard]] std::vector<std::uint32_t> batch_sizes() const
  {
    std::vector<std::uint32_t> sizes;
    for (const message& m : transport.messages()) {
      sizes.push_back(m.event_count());
    }
    return sizes;
  }

  told_losses losses{};
  blank_transport transport{context};
  std::optional<batch_client> client{};
};

/// A batch client of a transport to a peer that plays the given script: its batches are
/// held up for as long as that does not answer.
struct with_batch_peer : with_context {
  void play(std::vector<scripted_peer::script> scripts, batch_options o = {},
            session_options session = {})
  {
    o.on_loss = losses.listener();
    session.max_connect_tries = 1;
    peer.emplace(std::move(scripts));
    transport.emplace(context, options_for(peer->endpoint(), session));
    client.emplace(*transport, o);
  }
  void wait_for(result& r)
  {
    run_until(context, [&] { return r.done(); });
    BOOST_TEST(r.calls == 1);
  }
  /// Until a first batch is written, and its answer owed.
  void wait_until_written()
  {
    run_until(context, [&] { return transport->statistics().messages.in_flight == 1; });
  }
  void send(result& r) { client->async_send({.service = "s"}, record{r}); }

  told_losses losses{};
  std::optional<scripted_peer> peer{};
  std::optional<tcp_transport> transport{};
  std::optional<batch_client> client{};
};

} // namespace riemann::test

#endif
