#include "codec/checker.hpp"
#include "codec/copy_event.hpp"

#include <riemann/error.hpp>
#include <riemann/response.hpp>

#include <utility>

namespace riemann::inline v0 {

struct RIEMANN_HIDDEN response::content {
  std::vector<std::byte> bytes{};
  /// A failure's own reason; `text` refers to it, or into `bytes`.
  std::string reason{};
  std::string_view text{};
  std::size_t event_count = 0;
  bool ok = false;
  bool answered = false;
};

boost::system::result<response> response::parse(std::vector<std::byte> body)
{
  // The usual acknowledgement, `ok = true` and no more, is worth no memory.
  if (body.size() == 2 && body[0] == std::byte{0x10} && body[1] == std::byte{0x01}) {
    return response{};
  }
  const auto summary = codec::check_msg(body);
  if (!summary) {
    return make_error_code(errc::malformed_answer);
  }
  // A vector that is moved keeps its bytes where they are, and the text with them.
  auto c = std::make_shared<content>();
  c->bytes = std::move(body);
  c->text = summary->error;
  c->event_count = summary->event_count;
  c->ok = summary->ok;
  c->answered = true;
  return response{std::move(c)};
}

response response::failure(std::string text)
{
  auto c = std::make_shared<content>();
  c->reason = std::move(text);
  c->text = c->reason;
  return response{std::move(c)};
}

response response::unanswered() noexcept
{
  // One for all, which nobody owns: to hand it out counts nothing.
  static const content nobodys{.ok = true};
  return response{std::shared_ptr<const content>{std::shared_ptr<const content>{}, &nobodys}};
}

bool response::ok() const noexcept
{
  return !content_ || content_->ok;
}

bool response::answered() const noexcept
{
  return !content_ || content_->answered;
}

std::string_view response::text() const noexcept
{
  return content_ ? content_->text : std::string_view{};
}

std::size_t response::event_count() const noexcept
{
  return content_ ? content_->event_count : 0;
}

std::vector<event> response::to_events() const
{
  std::vector<event> result;
  result.reserve(event_count());
  for (const event_view& view : events()) {
    codec::copy_event(view, result.emplace_back());
  }
  return result;
}

std::span<const std::byte> response::bytes() const noexcept
{
  return content_ ? std::span<const std::byte>{content_->bytes} : std::span<const std::byte>{};
}

} // namespace riemann::inline v0
