#include "net/blank_implementation.hpp"

#include <riemann/blank_transport.hpp>
#include <riemann/error.hpp>

#include <iterator>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

namespace riemann::inline v0 {

namespace {

std::shared_ptr<detail::implementation>
make_implementation(const boost::asio::any_io_executor& executor, const blank_options& options)
{
  options.validate();
  return std::make_shared<net::blank_implementation>(executor, options);
}

/// `ok` and the events, as a server would answer; none are answered as an
/// acknowledgement is.
response answer_with(const std::vector<event>& events)
{
  if (events.empty()) {
    return {};
  }
  const message m{std::span{events}};
  std::vector<std::byte> body{std::byte{0x10}, std::byte{0x01}};
  body.insert(body.end(), m.body().begin(), m.body().end());
  return response::parse(std::move(body)).value();
}

} // namespace

blank_transport::blank_transport(const executor_type& executor, blank_options options)
    : basic_transport{make_implementation(executor, options)}
{}

net::blank_implementation& blank_transport::blank() const noexcept
{
  return static_cast<net::blank_implementation&>(implementation());
}

std::vector<message> blank_transport::messages() const
{
  return blank().messages();
}

std::vector<event> blank_transport::events() const
{
  std::vector<event> all;
  for (const message& m : blank().messages()) {
    auto events = m.to_events();
    all.insert(all.end(), std::make_move_iterator(events.begin()),
               std::make_move_iterator(events.end()));
  }
  return all;
}

std::uint64_t blank_transport::forgotten() const
{
  return blank().forgotten();
}

void blank_transport::clear()
{
  blank().clear();
}

void blank_transport::answer_query(std::string_view query, const std::vector<event>& events)
{
  blank().answer_query(query, answer_with(events));
}

void blank_transport::fail_next(boost::system::error_code error, std::string text)
{
  if (!error) {
    throw std::invalid_argument{"riemann: fail_next's error is success, but must be a failure"};
  }
  blank().fail_next(error, response::failure(std::move(text)));
}

void blank_transport::reject_next(std::string text)
{
  fail_next(errc::rejected, std::move(text));
}

} // namespace riemann::inline v0
