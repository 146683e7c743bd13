#include "net/blank_implementation.hpp"

#include <riemann/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

namespace riemann::inline v0::net {

blank_implementation::blank_implementation(const boost::asio::any_io_executor& executor,
                                           blank_options options)
    : executor_{executor},
      options_{options},
      service_{boost::asio::use_service<plain_shutdown_service>(
          boost::asio::query(executor, boost::asio::execution::context))}
{
  service_.add(*this);
}

blank_implementation::~blank_implementation()
{
  if (!context_gone_) {
    service_.remove(*this);
  }
}

template <class Slot, class... Results>
void blank_implementation::finish(Slot handler, Results... results)
{
  if (context_gone_) {
    return;
  }
  const auto executor = handler.executor() ? handler.executor() : executor_;
  boost::asio::post(executor,
                    [handler = std::move(handler), ... results = std::move(results)]() mutable {
                      handler(std::move(results)...);
                    });
}

void blank_implementation::connect(detail::done_slot handler, detail::operation_id)
{
  boost::system::error_code error;
  {
    const std::scoped_lock lock{mutex_};
    if (closed_) {
      error = boost::asio::error::operation_aborted;
    } else {
      disconnected_ = false;
    }
  }
  finish(std::move(handler), error);
}

void blank_implementation::send(message&& m, const send_options& options,
                                detail::send_slot&& handler, detail::operation_id)
{
  core::request r{std::move(m)};
  ending end;
  {
    const std::scoped_lock lock{mutex_};
    end.first = refusal(r.payload, options);
    const bool refused = end.first.failed();
    if (!refused) {
      keep(r.payload); // which may want memory
      end = next_end(r.payload);
    }
    r.error = end.first;
    ledger_.submitted(r);
    ledger_.ended(r, refused ? outcome::not_sent : outcome_of(end.first));
  }
  finish(std::move(handler), end.first, std::move(end.second));
}

void blank_implementation::disconnect(std::chrono::steady_clock::duration,
                                      detail::done_slot handler, detail::operation_id)
{
  boost::system::error_code error;
  {
    const std::scoped_lock lock{mutex_};
    if (closed_) {
      error = boost::asio::error::operation_aborted;
    }
    disconnected_ = true;
  }
  finish(std::move(handler), error);
}

void blank_implementation::close() noexcept
{
  const std::scoped_lock lock{mutex_};
  closed_ = true;
}

riemann::statistics blank_implementation::statistics() const
{
  const std::scoped_lock lock{mutex_};
  return ledger_.books();
}

void blank_implementation::on_context_shutdown() noexcept
{
  context_gone_ = true;
  executor_ = boost::asio::any_io_executor{};
}

std::vector<message> blank_implementation::messages() const
{
  const std::scoped_lock lock{mutex_};
  return {kept_.begin(), kept_.end()};
}

std::uint64_t blank_implementation::forgotten() const
{
  const std::scoped_lock lock{mutex_};
  return forgotten_;
}

void blank_implementation::clear()
{
  const std::scoped_lock lock{mutex_};
  kept_.clear();
}

void blank_implementation::answer_query(std::string_view query, response answer)
{
  const std::scoped_lock lock{mutex_};
  canned_.insert_or_assign(std::string{query}, std::move(answer));
}

void blank_implementation::fail_next(boost::system::error_code error, response answer)
{
  const std::scoped_lock lock{mutex_};
  failures_.emplace_back(error, std::move(answer));
}

blank_implementation::ending blank_implementation::next_end(const message& m)
{
  if (!failures_.empty()) {
    ending next = std::move(failures_.front());
    failures_.pop_front();
    return next;
  }
  if (m.has_query()) {
    if (const auto found = canned_.find(m.query_text()); found != canned_.end()) {
      return {{}, found->second};
    }
  }
  return {};
}

boost::system::error_code blank_implementation::refusal(const message& m,
                                                        const send_options& options) const
{
  if (closed_) {
    return errc::cancelled;
  }
  if (disconnected_) {
    return errc::disconnected;
  }
  if (m.size() > options_.max_message_size) {
    return errc::message_too_large;
  }
  if (options.deadline && *options.deadline <= std::chrono::steady_clock::duration::zero()) {
    return errc::expired;
  }
  return {};
}

void blank_implementation::keep(message m)
{
  kept_.push_back(std::move(m));
  if (kept_.size() > options_.max_kept) {
    kept_.pop_front();
    ++forgotten_;
  }
}

} // namespace riemann::inline v0::net
