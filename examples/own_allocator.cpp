// Where the memory of handlers comes from: one that is larger than 128 bytes has its
// place from its associated allocator.
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <memory_resource>

namespace {

/// Passes on what it is asked for, and counts.
class counting_resource : public std::pmr::memory_resource {
public:
  std::size_t taken = 0;
  std::size_t given_back = 0;

private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override
  {
    ++taken;
    return upstream_->allocate(bytes, alignment);
  }
  void do_deallocate(void* p, std::size_t bytes, std::size_t alignment) override
  {
    ++given_back;
    upstream_->deallocate(p, bytes, alignment);
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override
  {
    return this == &other;
  }

  std::pmr::memory_resource* upstream_ = std::pmr::new_delete_resource();
};

} // namespace

int main(int argc, char** argv)
{
  riemann::tcp_options server;
  if (argc == 3) {
    server.host = argv[1];
    server.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  }
  counting_resource memory;
  boost::asio::io_context context;
  riemann::tcp_transport transport{context, server};
  riemann::client client{transport};
  bool good = false;
  // [shown]
  std::pmr::polymorphic_allocator<> allocator{&memory};
  std::array<char, 256> luggage{}; // more than lies within an operation
  client.async_send(
      {.service = "example own allocator", .state = "ok"},
      boost::asio::bind_allocator(
          allocator, [luggage, &good](boost::system::error_code error, const riemann::response&) {
            good = !error && luggage.front() == 0;
          }));
  // [/shown]
  transport.async_disconnect(std::chrono::seconds{5}, [](boost::system::error_code) {});
  context.run();
  const bool right = good && memory.taken != 0 && memory.taken == memory.given_back;
  std::cout << (right ? "all memory came from here, and is back\n" : "it did not\n");
  return right ? 0 : 1;
}
