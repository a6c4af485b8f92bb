// SPDX-License-Identifier: Apache-2.0
// A deviation field by field and octet by octet.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/reports/align.h"
#include "harness/reports/exhibit.h"
#include "harness/reports/markup.h"
#include "harness/reports/wire.h"
#include "harness/text.h"
#include "relayspec/harness/message.h"

namespace relayspec {

namespace {

/// Name and value of everything in a datagram, in wire order.
using Values = std::vector<std::pair<std::string, std::string>>;

/// As the comparison names them.
Values values_of(const Datagram& d) {
  const char* checksum = d.udp_checksum == Checksum::good  ? "right"
                         : d.udp_checksum == Checksum::bad ? "wrong"
                                                           : "none";
  return {{"destination", d.ip_dst.to_string() + " at " + d.eth_dst.to_string()},
          {"link source", d.eth_src.to_string()},
          {"IP source", d.ip_src.to_string()},
          {"TTL", std::to_string(d.ttl)},
          {"UDP source port", std::to_string(d.sport)},
          {"UDP destination port", std::to_string(d.dport)},
          {"IP header checksum", d.ip_checksum_good ? "right" : "wrong"},
          {"UDP checksum", checksum}};
}

Values values_of(const Bytes& message) {
  Values values;
  for (const Part& p : parts_of(message)) values.emplace_back(p.name, p.value);
  if (!message.empty()) values.emplace_back("length", fmt::format("{} octets", message.size()));
  return values;
}

template <class MaybeConstValues>
auto* value_in(MaybeConstValues& values, const std::string& name) {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

/// All names in an order that both keep, as far as there is one.
void merge_names(std::vector<std::string>& names, const Values& values) {
  auto place = names.begin();
  for (const auto& [name, value] : values) {
    const auto known = std::find(names.begin(), names.end(), name);
    place = known == names.end() ? names.insert(place, name) + 1 : known + 1;
  }
}

/// "hops 4" → "4"
std::string without_field(const std::string& text, const std::string& field) {
  return text.starts_with(field + " ") ? text.substr(field.size() + 1) : text;
}

/// As much as a reader can read. A message may have hundreds of options, and thousands of octets.
constexpr std::size_t most_rows = 40;

std::string more_rows(std::size_t columns, std::size_t count, const char* of_what) {
  return fmt::format(
      "<tr><td></td><td colspan=\"{}\" class=\"soft\">{} more {}; the capture has them</td></tr>\n", columns,
      count, of_what);
}

class Fields {
 public:
  Fields(const Deviation& d, const CaseResult& c, const OtherRelay* beside) : mark_(mark_of(d)) {
    const Frame* came = frame_of(d.exhibit, c.frames);
    const auto datagram = came ? decode_udp(came->bytes) : std::nullopt;
    const Frame* due = beside ? frame_of(beside->exhibit, beside->frames) : nullptr;
    const auto due_datagram = due ? decode_udp(due->bytes) : datagram;
    const Bytes& message = datagram ? datagram->payload : d.exhibit.due;
    const auto addressing = [&](const Datagram& of) {
      return datagram || due_datagram ? values_of(of) : Values{};
    };
    if (const Frame* sent = sent_before(c.frames, message, d.exhibit.time)) {
      const auto of_sent = decode_udp(sent->bytes);
      add(Column::sent, "sent", addressing(*of_sent), values_of(of_sent->payload));
    }
    has_due_ = !d.exhibit.due.empty();
    if (has_due_)
      add(Column::due, beside ? beside->name : "expected", due_datagram ? values_of(*due_datagram) : Values{},
          values_of(d.exhibit.due));
    if (datagram)
      add(Column::came, beside ? beside->name_of_compared : "observed", values_of(*datagram),
          values_of(datagram->payload));
    compares_ = has_due_ && datagram;
    if (compares_) note_findings(d, c);
  }

  std::string html() const {
    if (columns_.empty()) return "";
    std::vector<std::string> names;
    for (const Column& column : columns_) merge_names(names, column.values);
    std::string html = "<table class=\"fields\"><thead><tr><th scope=\"col\">field</th>";
    for (const Column& column : columns_)
      html += fmt::format("<th scope=\"col\">{}</th>", inline_text(column.title));
    html += "</tr></thead>\n<tbody>\n";
    for (const auto& [field, finding] : wrong_) {
      if (std::find(names.begin(), names.end(), field) == names.end())
        html += row_of_message(field, *finding);
    }
    std::erase_if(names, [&](const std::string& name) { return value_of_all(name).has_value(); });
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i < most_rows || wrong_.contains(names[i])) html += row(names[i]);
    }
    if (names.size() > most_rows) html += more_rows(columns_.size(), names.size() - most_rows, "fields");
    return html + "</tbody></table>\n";
  }

  /// What has no row, since it has not changed and no finding is about it.
  std::string equal_html() const {
    std::string equal;
    if (!columns_.empty()) {
      for (const auto& [name, value] : columns_.front().values) {
        if (value_of_all(name))
          equal += (equal.empty() ? "" : ", ") + name + (value.empty() ? "" : " " + value);
      }
    }
    constexpr std::size_t most = 800;
    return equal.empty() ? ""
                         : fmt::format("<p class=\"soft\">The same in all: {}.</p>\n",
                                       escape_markup(shortened(one_line(equal), most)));
  }

  bool has_wrong() const { return !wrong_.empty(); }
  bool has_tolerated() const { return tolerated_; }

 private:
  struct Column {
    enum Of : std::uint8_t { sent, due, came } of;
    std::string title;
    Values values;
  };
  void add(Column::Of of, const std::string& title, Values addressing, const Values& message) {
    addressing.insert(addressing.end(), message.begin(), message.end());
    columns_.push_back({of, title, std::move(addressing)});
  }

  /// Text about the same frame: the comparison has the expected values.
  void note_findings(const Deviation& d, const CaseResult& c) {
    Values& expected = columns_[columns_.size() - 2].values;
    for (const Finding& f : c.findings) {
      if (f.exhibit.time != d.exhibit.time || f.exhibit.segment != d.exhibit.segment) continue;
      wrong_.emplace(f.field, &f);
      if (std::string* value = value_in(expected, f.field); value && !value_of_message(f.field))
        *value = without_field(f.expected, f.field);
    }
  }
  bool value_of_message(const std::string& field) const {
    static const Values addressing = values_of(Datagram{});
    return std::none_of(addressing.begin(), addressing.end(),
                        [&](const auto& value) { return value.first == field; });
  }

  /// Of something that has no row, as the order of options.
  std::string row_of_message(const std::string& field, const Finding& f) const {
    std::string html =
        fmt::format("<tr class=\"wrong\"><th scope=\"row\">{} {}</th>", mark_, inline_text(field));
    for (const Column& column : columns_) {
      const std::string text = column.of == Column::due    ? without_field(f.expected, field)
                               : column.of == Column::came ? without_field(f.observed, field)
                                                           : "";
      html += fmt::format("<td>{}</td>", inline_text(text));
    }
    return html + "</tr>\n";
  }

  /// Of a field that has not changed and that no finding is about.
  std::optional<std::string> value_of_all(const std::string& name) const {
    std::optional<std::string> common;
    for (const Column& column : columns_) {
      const std::string* value = value_in(column.values, name);
      if (!value || (common && *common != *value) || wrong_.contains(name)) return std::nullopt;
      common = *value;
    }
    return columns_.size() > 1 ? common : std::nullopt;
  }

  std::string row(const std::string& name) const {
    std::vector<std::string> cells;
    for (const Column& column : columns_) {
      const std::string* value = value_in(column.values, name);
      cells.push_back(value ? *value : "–");
    }
    const bool wrong = wrong_.contains(name);
    const bool tolerated = !wrong && compares_ && cells[cells.size() - 2] != cells.back();
    tolerated_ |= tolerated;
    std::string html = fmt::format("<tr{}><th scope=\"row\">{}{}</th>", wrong ? " class=\"wrong\"" : "",
                                   wrong       ? mark_ + " "
                                   : tolerated ? "≠ "
                                               : "",
                                   inline_text(name));
    for (const std::string& cell : cells) html += fmt::format("<td>{}</td>", inline_text(cell));
    return html + "</tr>\n";
  }

  std::string mark_;
  std::vector<Column> columns_;
  std::map<std::string, const Finding*> wrong_;
  bool has_due_ = false, compares_ = false;
  mutable bool tolerated_ = false;
};

constexpr std::size_t octets_in_row = 8;
using Row = std::span<const OctetPair>;

std::vector<Row> rows_of(const std::vector<OctetPair>& pairs) {
  std::vector<Row> rows;
  for (std::size_t at = 0; at < pairs.size(); at += octets_in_row)
    rows.push_back(std::span(pairs).subspan(at, std::min(octets_in_row, pairs.size() - at)));
  return rows;
}

bool differs(Row row) {
  return std::any_of(row.begin(), row.end(), [](const OctetPair& p) { return p.differs(); });
}

std::string octets_of_row(Row row, std::optional<std::uint8_t> OctetPair::*side) {
  std::string html;
  bool marked = false;
  for (const OctetPair& p : row) {
    const auto octet = p.*side;
    // One mark for neighbours: pages have thousands of octets.
    const bool ends = marked && !p.differs(), begins = p.differs() && !marked;
    if (ends) html += "</mark>";
    if (&p != row.data()) html += ' ';
    if (begins) html += "<mark>";
    html += octet ? fmt::format("{:02x}", *octet) : "··";
    marked = p.differs();
  }
  return html + (marked ? "</mark>" : "");
}

}  // namespace

std::string fields_html(const Deviation& d, const CaseResult& c, const OtherRelay* beside) {
  const Fields fields(d, c, beside);
  const std::string table = fields.html();
  if (table.empty()) return "";
  std::string legend;
  if (beside) {
    if (fields.has_wrong()) legend += fmt::format("The coloured {} is this difference. ", mark_of(d));
    if (fields.has_tolerated()) legend += "Any other ≠ is allowed, or another difference. ";
  } else {
    if (fields.has_wrong()) legend += "✗ is what deviates. ";
    if (fields.has_tolerated()) legend += "≠ differs too, and is allowed or another deviation. ";
  }
  return "<details class=\"more\" open><summary>Field by field</summary>\n"
         "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"fields\">\n" +
         table + "</div>\n" + (legend.empty() ? "" : "<p class=\"soft\">" + legend + "</p>\n") +
         fields.equal_html() + "</details>\n";
}

std::string octets_html(const Deviation& d, const CaseResult& c, const OtherRelay* beside) {
  const Frame* came = frame_of(d.exhibit, c.frames);
  const auto datagram = came ? decode_udp(came->bytes) : std::nullopt;
  if (!datagram || d.exhibit.due.empty()) return "";
  if (datagram->payload == d.exhibit.due)
    return beside ? "<p>Both have sent the same octets.</p>\n"
                  : "<p>The message is right in every octet.</p>\n";
  const std::vector<OctetPair> pairs = aligned(d.exhibit.due, datagram->payload);
  const std::vector<Row> rows = rows_of(pairs);
  std::string html = fmt::format(
      "<details class=\"more\" open><summary>Octet by octet</summary>\n"
      "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"octets\">\n"
      "<table class=\"octets\"><thead><tr><th scope=\"col\">octet</th><th scope=\"col\">{}</th>"
      "<th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
      beside ? inline_text(beside->name) : "expected",
      beside ? inline_text(beside->name_of_compared) : "observed");
  std::size_t equal = 0, offset = 0;
  const auto end_equal = [&] {
    if (equal > 0)
      html += fmt::format("<tr><td></td><td colspan=\"2\" class=\"soft\">{} equal octets</td></tr>\n", equal);
    equal = 0;
  };
  std::size_t count = 0, left_out = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool shown =
        differs(rows[i]) || (i > 0 && differs(rows[i - 1])) || (i + 1 < rows.size() && differs(rows[i + 1]));
    if (shown && count == most_rows) {
      left_out += rows[i].size();
    } else if (!shown) {
      equal += rows[i].size();
    } else {
      ++count;
      end_equal();
      html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n", offset,
                          octets_of_row(rows[i], &OctetPair::expected),
                          octets_of_row(rows[i], &OctetPair::observed));
    }
    offset += static_cast<std::size_t>(std::count_if(
        rows[i].begin(), rows[i].end(), [](const OctetPair& p) { return p.expected.has_value(); }));
  }
  end_equal();
  if (left_out > 0) html += more_rows(2, left_out, "octets");
  return html + "</tbody></table></div></details>\n";
}

}  // namespace relayspec
