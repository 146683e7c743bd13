// A transport of one's own: messages go to a file, as frames, and from there to anything
// that reads them. What the concept in <riemann/transport.hpp> asks for is all there is to it.
#include <riemann/any_transport.hpp>
#include <riemann/client.hpp>
#include <riemann/read_frame.hpp>

#include <boost/asio.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>
#include <string>

namespace {

namespace asio = boost::asio;

// [shown]
class file_transport {
public:
  using executor_type = asio::any_io_executor;
  /// A file answers nothing: `async_query` over it does not compile.
  static constexpr bool answers_queries = false;

  file_transport(executor_type executor, const std::string& path)
      : executor_{std::move(executor)}, file_{path, std::ios::binary | std::ios::app}
  {}

  [[nodiscard]] executor_type get_executor() const noexcept { return executor_; }
  [[nodiscard]] riemann::statistics statistics() const { return books_; }
  void cancel() {} // nothing is ever outstanding

  template <asio::completion_token_for<riemann::done_signature> Token = asio::deferred_t>
  auto async_connect(Token&& token = {})
  {
    return done(std::forward<Token>(token));
  }

  template <asio::completion_token_for<riemann::done_signature> Token = asio::deferred_t>
  auto async_disconnect(std::chrono::steady_clock::duration, Token&& token = {})
  {
    file_.flush();
    return done(std::forward<Token>(token));
  }

  template <asio::completion_token_for<riemann::send_signature> Token = asio::deferred_t>
  auto async_send(riemann::message m, riemann::send_options, Token&& token = {})
  {
    // What is handed over is written when the operation begins, not when it is made: a
    // lazy token may begin it later, or never.
    const auto begin = [this](auto handler, const riemann::message& given) {
      const boost::system::error_code error = write(given);
      const auto nothing = riemann::response::unanswered();
      asio::post(executor_, asio::append(std::move(handler), error, nothing));
    };
    return asio::async_initiate<Token, riemann::send_signature>(begin, token, std::move(m));
  }

  template <asio::completion_token_for<riemann::send_signature> Token = asio::deferred_t>
  auto async_send(riemann::message m, Token&& token = {})
  {
    return async_send(std::move(m), riemann::send_options{}, std::forward<Token>(token));
  }

private:
  /// A handler is never called from within the call that was given it: it is posted.
  template <class Token>
  auto done(Token&& token)
  {
    const auto begin = [this](auto handler) {
      asio::post(executor_, asio::append(std::move(handler), boost::system::error_code{}));
    };
    return asio::async_initiate<Token, riemann::done_signature>(begin, token);
  }

  /// Every message ends in one outcome, and the books say so.
  boost::system::error_code write(const riemann::message& m)
  {
    const std::span<const std::byte> frame = m.frame();
    file_.write(reinterpret_cast<const char*>(frame.data()),
                static_cast<std::streamsize>(frame.size()));
    const bool good = file_.good();
    for (auto* tally : {&books_.messages, &books_.events}) {
      const std::uint64_t n = tally == &books_.messages ? 1 : m.event_count();
      tally->submitted += n;
      (good ? tally->sent : tally->unknown) += n;
    }
    if (good) {
      return {};
    }
    books_.causes.add(riemann::errc::connection_lost);
    return make_error_code(riemann::errc::connection_lost);
  }

  executor_type executor_;
  std::ofstream file_;
  riemann::statistics books_{};
};

static_assert(riemann::transport<file_transport>);
static_assert(!riemann::query_transport<file_transport>);
// [/shown]

} // namespace

int main()
{
  asio::io_context context;
  const auto path = std::filesystem::temp_directory_path() /
                    ("riemann-asio-example-" + std::to_string(::getpid()));
  bool good = false;
  // [shown]
  riemann::client client{
      riemann::any_transport{file_transport{context.get_executor(), path.string()}}};
  client.async_send(
      {.service = "example own transport", .state = "ok"},
      [&](boost::system::error_code error, const riemann::response&) { good = !error; });
  // [/shown]
  client.transport().async_disconnect(std::chrono::seconds{1}, asio::detached);
  context.run();
  const bool written = good && std::filesystem::file_size(path) > 4;
  std::filesystem::remove(path);
  std::cout << (written ? "the file has it\n" : "the file does not have it\n");
  return written ? 0 : 1;
}
