#ifndef RIEMANN_TEST_CODEC_GENERATOR_HPP
#define RIEMANN_TEST_CODEC_GENERATOR_HPP

#include <riemann/event.hpp>
#include <riemann/proto.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace riemann::test {

/// Events and messages by chance, the edges far likelier than chance alone would
/// have them. The same seed gives the same ones.
class generator {
public:
  explicit generator(std::uint64_t seed) : random_{seed} {}

  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }

  std::int64_t integer()
  {
    constexpr auto min = std::numeric_limits<std::int64_t>::min();
    constexpr auto max = std::numeric_limits<std::int64_t>::max();
    constexpr std::array<std::int64_t, 14> edges{
        0, 1, -1, 63, 64, -64, -65, 127, 128, -1'000'000, -1'000'001, min, min + 1, max};
    if (chance(40)) {
      return edges[below(edges.size())];
    }
    return static_cast<std::int64_t>(random_() >> below(64));
  }

  double number()
  {
    using limits = std::numeric_limits<double>;
    constexpr std::array<double, 11> edges{0.0,
                                           -0.0,
                                           1.5,
                                           limits::infinity(),
                                           -limits::infinity(),
                                           limits::quiet_NaN(),
                                           limits::denorm_min(),
                                           limits::min(),
                                           limits::max(),
                                           limits::lowest(),
                                           1e-310};
    return chance(50) ? edges[below(edges.size())] : std::bit_cast<double>(random_());
  }

  float small_number()
  {
    using limits = std::numeric_limits<float>;
    constexpr std::array<float, 8> edges{
        0.0F,   -0.0F,        60.0F, limits::infinity(), limits::quiet_NaN(), limits::denorm_min(),
        1e-40F, limits::max()};
    return chance(50) ? edges[below(edges.size())]
                      : std::bit_cast<float>(static_cast<std::uint32_t>(random_()));
  }

  /// Any bytes, NUL and invalid UTF-8 among them; now and then as long as takes
  /// its length over the edge of a varint.
  std::string text()
  {
    constexpr std::array<std::size_t, 10> edges{0, 1, 15, 16, 17, 33, 126, 127, 128, 129};
    constexpr std::array<std::size_t, 4> long_edges{16'382, 16'383, 16'384, 16'385};
    std::size_t length = below(24);
    if (chance(20)) {
      length = edges[below(edges.size())];
    } else if (below(400) == 0) {
      length = long_edges[below(long_edges.size())];
    }
    std::string result(length, '\0');
    const bool plain = chance(70);
    for (char& c : result) {
      c = static_cast<char>(plain ? 'a' + below(26) : below(256));
    }
    return result;
  }

  riemann::metric some_metric()
  {
    switch (below(3)) {
    case 0:
      return integer();
    case 1:
      return number();
    default:
      return small_number();
    }
  }

  timestamp some_time()
  {
    return chance(50) ? timestamp::from_seconds(integer()) : timestamp::from_micros(integer());
  }

  event some_event()
  {
    event e;
    maybe([&] { e.host = text(); });
    maybe([&] { e.service = text(); });
    maybe([&] { e.state = text(); });
    maybe([&] { e.description = text(); });
    maybe([&] { e.metric = some_metric(); });
    maybe([&] { e.ttl = ttl_duration{small_number()}; });
    maybe([&] { e.time = some_time(); });
    for (std::uint64_t n = count(); n > 0; --n) {
      e.tags.push_back(!e.tags.empty() && chance(20) ? e.tags.front() : text());
    }
    for (std::uint64_t n = count(); n > 0; --n) {
      attribute a{.key = text()};
      maybe([&] { a.value = text(); });
      e.attributes.push_back(a);
    }
    return e;
  }

  /// With all that an answer can hold, several metrics side by side among it.
  proto::Msg some_answer()
  {
    proto::Msg msg;
    maybe([&] { msg.set_ok(chance(70)); });
    if (chance(20)) {
      msg.set_error(text());
    }
    if (chance(10)) {
      auto* const state = msg.add_states();
      maybe([&] { state->set_service(text()); });
      maybe([&] { state->set_once(true); });
      maybe([&] { state->add_tags(text()); });
    }
    if (chance(20)) {
      auto* const query = msg.mutable_query();
      maybe([&] { query->set_string(text()); });
    }
    for (std::uint64_t n = below(4); n > 0; --n) {
      some_answer_event(*msg.add_events());
    }
    return msg;
  }

  /// Random fields, nested and in groups, of known and of unknown numbers.
  std::string some_fields(int depth = 0)
  {
    std::string out;
    for (std::uint64_t n = below(5); n > 0; --n) {
      add_field(out, depth);
    }
    return out;
  }

  /// Changes a few bytes, or puts some in, or takes some out.
  void mutate(std::string& bytes)
  {
    constexpr std::array<unsigned char, 12> edges{0x00, 0x01, 0x07, 0x0b, 0x0c, 0x32,
                                                  0x4a, 0x7f, 0x80, 0x8b, 0xf0, 0xff};
    const std::size_t at = below(bytes.size() + 1);
    const auto edge = static_cast<char>(edges[below(edges.size())]);
    switch (bytes.empty() ? 0 : below(6)) {
    case 0:
      bytes.insert(at, 1 + below(2), edge);
      break;
    case 1:
      bytes.erase(at, 1 + below(3));
      break;
    case 2:
      bytes.resize(at);
      break;
    case 3:
      bytes.insert(at, some_fields());
      break;
    case 4:
      bytes[at % bytes.size()] = edge;
      break;
    default:
      bytes[at % bytes.size()] = static_cast<char>(bytes[at % bytes.size()] ^ (1 << below(8)));
      break;
    }
  }

private:
  template <class F>
  void maybe(F f)
  {
    if (chance(60)) {
      f();
    }
  }

  std::uint64_t count()
  {
    if (chance(50)) {
      return 0;
    }
    return chance(98) ? below(4) : below(40);
  }

  void some_answer_event(proto::Event& e)
  {
    maybe([&] { e.set_host(text()); });
    maybe([&] { e.set_service(text()); });
    maybe([&] { e.set_state(text()); });
    maybe([&] { e.set_time(integer()); });
    maybe([&] { e.set_time_micros(integer()); });
    maybe([&] { e.set_metric_sint64(integer()); });
    maybe([&] { e.set_metric_d(number()); });
    maybe([&] { e.set_metric_f(small_number()); });
    maybe([&] { e.set_ttl(small_number()); });
    maybe([&] { e.add_tags(text()); });
    maybe([&] {
      auto* const a = e.add_attributes();
      a->set_key(text());
      maybe([&] { a->set_value(text()); });
    });
  }

  void add_field(std::string& out, int depth)
  {
    const std::uint64_t number = chance(90) ? 1 + below(15) : random_() >> (35 + below(29));
    const std::uint64_t type = chance(98) ? std::array{0, 1, 2, 2, 2, 3, 5}[below(7)] : below(8);
    add_varint(out, number << 3 | type);
    switch (type) {
    case 0:
      add_varint(out, random_() >> below(64));
      break;
    case 1:
      out += std::string(8, 'd');
      break;
    case 2: {
      const std::string inside = depth < 4 && chance(60) ? some_fields(depth + 1) : "plain";
      add_varint(out, inside.size());
      out += inside;
      break;
    }
    case 3:
      out += depth < 4 ? some_fields(depth + 1) : std::string{};
      add_varint(out, number << 3 | 4);
      break;
    case 5:
      out += "four";
      break;
    default:
      break;
    }
  }

  /// Sometimes longer than it need be.
  void add_varint(std::string& out, std::uint64_t v)
  {
    while (v >= 0x80) {
      out += static_cast<char>(v | 0x80);
      v >>= 7;
    }
    if (below(40) == 0) {
      out += static_cast<char>(v | 0x80);
      v = 0;
    }
    out += static_cast<char>(v);
  }

  std::mt19937_64 random_;
};

} // namespace riemann::test

#endif
