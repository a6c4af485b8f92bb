#include "harness/packing.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <type_traits>

namespace relayspec {
namespace {

using nlohmann::json;

template <class T>
constexpr bool is_struct =
    std::is_same_v<T, Frame> || std::is_same_v<T, Finding> || std::is_same_v<T, CaseResult>;

template <class T>
constexpr bool is_list = false;
template <class T>
constexpr bool is_list<std::vector<T>> = is_struct<T>;

/// References to all members: a member that is added to a struct and not here does not compile.
template <class T>
auto members(T& value) {
  using Struct = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Struct, Frame>) {
    auto& [segment, origin, time, bytes, completed, comments] = value;
    return std::tie(segment, origin, time, bytes, completed, comments);
  } else if constexpr (std::is_same_v<Struct, Finding>) {
    auto& [verdict, requirement, field, kind, reason, expected, observed, octets, combination, by, accepted] =
        value;
    return std::tie(verdict, requirement, field, kind, reason, expected, observed, octets, combination, by,
                    accepted);
  } else {
    auto& [id, suite, requirements, level, verdict, reason, expected, observed, difference, clause, evidence,
           source, config, duration, findings, frames, accepted] = value;
    return std::tie(id, suite, requirements, level, verdict, reason, expected, observed, difference, clause,
                    evidence, source, config, duration, findings, frames, accepted);
  }
}

template <class T>
json packed(const T& value) {
  if constexpr (is_struct<T>) {
    json all = json::array();
    std::apply([&](const auto&... member) { (all.push_back(packed(member)), ...); }, members(value));
    return all;
  } else if constexpr (is_list<T>) {
    json all = json::array();
    for (const auto& one : value) all.push_back(packed(one));
    return all;
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<int>(value);
  } else if constexpr (std::is_same_v<T, std::chrono::nanoseconds>) {
    return value.count();
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return json::binary(value);
  } else {
    return value;
  }
}

template <class T>
void unpack(const json& from, T& value) {
  if constexpr (is_struct<T>) {
    std::size_t at = 0;
    std::apply([&](auto&... member) { (unpack(from.at(at++), member), ...); }, members(value));
  } else if constexpr (is_list<T>) {
    for (const json& one : from) unpack(one, value.emplace_back());
  } else if constexpr (std::is_enum_v<T>) {
    value = static_cast<T>(from.get<int>());
  } else if constexpr (std::is_same_v<T, std::chrono::nanoseconds>) {
    value = std::chrono::nanoseconds(from.get<std::int64_t>());
  } else if constexpr (std::is_same_v<T, Bytes>) {
    value = from.get_binary();
  } else {
    value = from.get<T>();
  }
}

}  // namespace

std::vector<std::uint8_t> pack(const std::vector<CaseResult>& cases) {
  return json::to_msgpack(packed(cases));
}

std::vector<CaseResult> unpack_cases(std::span<const std::uint8_t> octets) {
  std::vector<CaseResult> cases;
  unpack(json::from_msgpack(octets.begin(), octets.end()), cases);
  return cases;
}

}  // namespace relayspec
