// How fast acknowledged single-event messages go through one connection, beside
// the floor: a raw socket that writes the same bytes, ready-made, and refills its
// window on any progress. Both talk to the same server, in turns.
#include "floor.hpp"
#include "measure.hpp"

#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace {

/// An event of 103 bytes on the wire, as a service would send it.
const riemann::event& usual_event()
{
  static const riemann::event e{.host = "app-server-17.example.org",
                                .service = "api request latency ms",
                                .state = "ok",
                                .metric = 0.217,
                                .tags = {"prod", "api", "http"},
                                .ttl = riemann::ttl_duration{60},
                                .time = riemann::timestamp::from_micros(1'700'000'000'123'456)};
  return e;
}

/// Keeps `window` messages outstanding by callbacks until `total` are acked.
class callback_load {
public:
  callback_load(const riemann::tcp_options& server, std::size_t window, std::size_t total)
      : transport_{context_, server}, client_{transport_}, window_{window}, total_{total}
  {}

  bench::sample run()
  {
    transport_.async_connect([this](boost::system::error_code error) {
      if (error) {
        throw boost::system::system_error{error};
      }
      watch_.start();
      while (started_ != std::min(window_, total_)) {
        send_one();
      }
    });
    context_.run();
    return watch_.stopped(total_);
  }

private:
  void send_one()
  {
    ++started_;
    client_.async_send(usual_event(), [this](boost::system::error_code error, const auto&) {
      if (error) {
        throw boost::system::system_error{error};
      }
      if (started_ != total_) {
        send_one();
      } else if (++finished_ == std::min(window_, total_)) {
        watch_.stop();
        transport_.cancel();
      }
    });
  }

  boost::asio::io_context context_{1};
  riemann::tcp_transport transport_;
  riemann::client<riemann::tcp_transport&> client_;
  std::size_t window_;
  std::size_t total_;
  std::size_t started_ = 0;
  std::size_t finished_ = 0;
  bench::stopwatch watch_{};
};

class usage_error : public std::invalid_argument {
public:
  using std::invalid_argument::invalid_argument;
};

struct arguments {
  riemann::tcp_options server{};
  std::size_t messages = 500'000;
  std::size_t rounds = 5;
  std::size_t window = 1'000;
};

arguments parse(int argc, char** argv)
{
  if (argc < 3 || argc > 6) {
    throw usage_error{"usage: bench-pipelined HOST PORT [MESSAGES [ROUNDS [WINDOW]]]"};
  }
  arguments a;
  a.server.host = argv[1];
  const auto number = [&](int i, const std::string& name, std::size_t otherwise, std::size_t most) {
    if (argc <= i) {
      return otherwise;
    }
    std::size_t value = 0;
    const std::string_view text{argv[i]};
    const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
    if (error != std::errc{} || end != text.end() || value < 1 || value > most) {
      throw usage_error{name + " is '" + std::string{text} + "', but must be 1 to " +
                        std::to_string(most)};
    }
    return value;
  };
  a.server.port = static_cast<std::uint16_t>(number(2, "PORT", 0, 65'535));
  a.messages = number(3, "MESSAGES", a.messages, 1'000'000'000);
  a.rounds = number(4, "ROUNDS", a.rounds, 1'000);
  a.window = number(5, "WINDOW", a.window, 100'000);
  a.server.session.max_in_flight = a.window;
  return a;
}

} // namespace

int main(int argc, char** argv)
{
  try {
    const arguments a = parse(argc, argv);
    const riemann::message one{usual_event()};
    bench::series floor{"floor: raw socket, ready-made bytes"};
    bench::series ours{"riemann-asio, callbacks, encoding each"};
    for (std::size_t round = 0; round != a.rounds; ++round) {
      floor.add(bench::run_floor(a.server.host, a.server.port, one.frame(), a.window, a.messages));
      ours.add(callback_load{a.server, a.window, a.messages}.run());
    }
    std::printf("%zu messages of %zu bytes, window %zu, %zu rounds, median (min .. max)\n",
                a.messages, one.size(), a.window, a.rounds);
    floor.print();
    ours.print();
    std::printf("ratio to the floor: %.2f of its messages a second, %.2f of its CPU a message\n",
                ours.rate() / floor.rate(), ours.cpu() / floor.cpu());
    return 0;
  } catch (const usage_error& mistake) {
    std::cerr << "bench-pipelined: " << mistake.what() << '\n';
    return 2;
  } catch (const std::exception& failure) {
    std::cerr << "bench-pipelined: " << failure.what() << '\n';
    return 1;
  }
}
