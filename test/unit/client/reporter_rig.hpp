#ifndef RIEMANN_TEST_UNIT_CLIENT_REPORTER_RIG_HPP
#define RIEMANN_TEST_UNIT_CLIENT_REPORTER_RIG_HPP

#include "client/reporter_implementation.hpp"

#include <riemann/error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace riemann::test {

/// A clock that stands until it is told to go.
class hand_clock final : public clients::alarm_clock {
public:
  struct face {
    core::time_point now{std::chrono::hours{1}};
    core::time_point due = core::never;
    std::shared_ptr<clients::alarm_sleeper> sleeper{};
    int no_memory = 0; ///< for so many alarms
  };

  explicit hand_clock(std::shared_ptr<face> f) : face_{std::move(f)} {}

  [[nodiscard]] core::time_point now() const noexcept override { return face_->now; }
  void set(core::time_point due, std::shared_ptr<clients::alarm_sleeper> sleeper) override
  {
    cancel();
    if (face_->no_memory > 0) {
      --face_->no_memory;
      throw std::bad_alloc{};
    }
    face_->due = due;
    face_->sleeper = std::move(sleeper);
  }
  void cancel() override
  {
    face_->due = core::never;
    face_->sleeper.reset();
  }

private:
  std::shared_ptr<face> face_;
};

/// A transport that holds what it is sent until it is told how that ends.
class held_up final : public detail::implementation {
public:
  struct sent {
    message content;
    send_options options;
    detail::send_slot handler;
  };

  explicit held_up(boost::asio::any_io_executor executor) : executor_{std::move(executor)} {}

  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override
  {
    return executor_;
  }
  detail::operation_id new_operation_id() noexcept override { return 0; }
  void connect(detail::done_slot, detail::operation_id) override {}
  void send(message&& m, const send_options& options, detail::send_slot&& handler,
            detail::operation_id) override
  {
    if (out_of_memory) {
      throw std::bad_alloc{};
    }
    waiting.push_back({std::move(m), options, std::move(handler)});
  }
  void disconnect(std::chrono::steady_clock::duration, detail::done_slot,
                  detail::operation_id) override
  {}
  void cancel() override {}
  void cancel_operation(detail::operation_id, bool) override {}
  [[nodiscard]] riemann::statistics statistics() const override { return {}; }
  void close() noexcept override {}

  /// The oldest ends so.
  void end(boost::system::error_code error = {}, response answer = {})
  {
    BOOST_TEST_REQUIRE(!waiting.empty(), "nothing was sent");
    auto first = std::move(waiting.front());
    waiting.pop_front();
    ended.push_back(std::move(first.content));
    boost::asio::post(executor_, [handler = std::move(first.handler), error, answer]() mutable {
      handler(error, std::move(answer));
    });
  }

  std::deque<sent> waiting{};
  std::vector<message> ended{};
  bool out_of_memory = false;

private:
  boost::asio::any_io_executor executor_;
};

/// A reporter with neither sockets nor real time.
struct reporter_rig {
  using implementation = clients::reporter_implementation;

  void make(reporter_options options)
  {
    options.on_report = [this](const report_result& r) {
      results.push_back({r.error, r.events.size()});
      texts.emplace_back(r.answer.text());
      if (on_report) {
        on_report();
      }
    };
    options.validate();
    transport = std::make_shared<held_up>(context.get_executor());
    reporter =
        std::make_shared<implementation>(transport, options, std::make_unique<hand_clock>(clock));
  }
  ~reporter_rig()
  {
    if (reporter) {
      reporter->close();
    }
    if (transport) {
      // Whose handlers have the reporter, which has the transport.
      const auto unanswered = std::exchange(transport->waiting, {});
    }
    context.restart();
    context.poll();
  }

  /// What is ready to run, runs.
  void settle()
  {
    context.restart();
    context.poll();
  }
  /// Time passes, alarms ring on their way.
  void pass(std::chrono::milliseconds time)
  {
    const auto end = clock->now + time;
    settle();
    while (clock->due <= end) {
      clock->now = std::max(clock->now, clock->due);
      clock->due = core::never;
      const auto sleeper = std::exchange(clock->sleeper, nullptr);
      boost::asio::post(context, [sleeper] { sleeper->on_alarm(); });
      settle();
    }
    clock->now = end;
  }
  void end(boost::system::error_code error = {}, response answer = {})
  {
    transport->end(error, std::move(answer));
    settle();
  }

  /// How a stop ended, if it has.
  struct stopped {
    std::optional<boost::system::error_code> error{};
    int calls = 0;
  };
  void stop(stopped& into, std::chrono::milliseconds deadline = std::chrono::seconds{5},
            detail::operation_id id = 0)
  {
    reporter->stop(deadline,
                   {[&into](boost::system::error_code e) {
                      into.error = e;
                      ++into.calls;
                    },
                    reporter->executor()},
                   id);
    BOOST_TEST(into.calls == 0);
    settle();
  }

  struct result {
    boost::system::error_code error;
    std::size_t events;
  };

  boost::asio::io_context context{};
  std::shared_ptr<hand_clock::face> clock = std::make_shared<hand_clock::face>();
  std::shared_ptr<held_up> transport{};
  std::shared_ptr<implementation> reporter{};
  std::vector<result> results{};
  std::vector<std::string> texts{};
  std::function<void()> on_report{};
};

} // namespace riemann::test

#endif
