#ifndef RIEMANN_NET_INTERLEAVED_HPP
#define RIEMANN_NET_INTERLEAVED_HPP

#include <algorithm>
#include <cstddef>
#include <vector>

namespace riemann::inline v0::net {

/// The endpoints that a resolver found, in the order in which they are to be tried: the
/// families by turns, beginning with the first one's (RFC 8305, section 4); within a
/// family as they were found.
template <class Endpoint, class Results>
std::vector<Endpoint> interleaved(const Results& found)
{
  std::vector<Endpoint> same;
  std::vector<Endpoint> other;
  for (const auto& entry : found) {
    const Endpoint endpoint = entry.endpoint();
    const bool first_ones = same.empty() || endpoint.protocol() == same.front().protocol();
    (first_ones ? same : other).push_back(endpoint);
  }
  std::vector<Endpoint> all;
  all.reserve(same.size() + other.size());
  for (std::size_t i = 0; i != std::max(same.size(), other.size()); ++i) {
    if (i < same.size()) {
      all.push_back(same[i]);
    }
    if (i < other.size()) {
      all.push_back(other[i]);
    }
  }
  return all;
}

} // namespace riemann::inline v0::net

#endif
