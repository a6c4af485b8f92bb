// SPDX-License-Identifier: Apache-2.0
// The ladder diagram of a deviation, and the same frames as a table.
#include <fmt/format.h>

#include <algorithm>

#include "harness/reports/exhibit.h"
#include "harness/reports/markup.h"
#include "harness/reports/wire.h"
#include "harness/text.h"
#include "relayspec/harness/message.h"

namespace relayspec {

namespace {

constexpr std::ptrdiff_t most_steps = 14;  // as many as a reader can read; the capture has them all
constexpr int drawing_width = 360, client_x = 34, second_client_x = 104, relay_x = 190, server_x = 326;
constexpr std::size_t small_print_width = 60;  // characters of the small print

/// A frame, or the one that had to come and did not.
struct Step {
  const Frame* frame = nullptr;
  bool wrong = false;
};

Bytes payload_of(const Frame& f) {
  const auto datagram = decode_udp(f.bytes);
  return datagram ? datagram->payload : Bytes();
}

/// A quirk is held against a relay once, with no frame of its own; others that show it say so.
const Frame* frame_that_says(const std::string& field, const std::vector<Frame>& frames) {
  const auto found = std::find_if(frames.begin(), frames.end(), [&](const Frame& f) {
    return std::any_of(f.comments.begin(), f.comments.end(), [&](const std::string& comment) {
      return comment.find(field + ": expected ") != std::string::npos;
    });
  });
  return found == frames.end() ? nullptr : &*found;
}

std::vector<Step> all_steps(const Deviation& d, const CaseResult& c) {
  const Frame* wrong = frame_of(d.exhibit, c.frames);
  const bool missing = !wrong && !d.exhibit.due.empty();
  if (!wrong && !missing) wrong = frame_that_says(d.field, c.frames);
  const Frame* sent = missing ? sent_before(c.frames, d.exhibit.due, {}) : nullptr;
  std::vector<Step> steps;
  for (const Frame& f : c.frames) {
    steps.push_back({&f, &f == wrong});
    if (sent == &f) steps.push_back({nullptr, true});
  }
  if (missing && !sent) steps.push_back({nullptr, true});
  return steps;
}

/// What came before the wrong one, and behind it what is of the same exchange; where that is much, the
/// exchange alone.
std::vector<Step> shown_steps(const Deviation& d, const CaseResult& c) {
  std::vector<Step> steps = all_steps(d, c);
  const auto is_wrong = [](const Step& s) { return s.wrong; };
  const auto wrong = std::find_if(steps.begin(), steps.end(), is_wrong);
  if (wrong != steps.end()) {
    const auto xid = xid_of(wrong->frame ? payload_of(*wrong->frame) : d.exhibit.due);
    const auto is_of_another = [&](const Step& s) { return !s.wrong && xid_of(payload_of(*s.frame)) != xid; };
    steps.erase(std::remove_if(wrong, steps.end(), is_of_another), steps.end());
    if (std::ssize(steps) > most_steps) std::erase_if(steps, is_of_another);
  }
  if (std::ssize(steps) <= most_steps) return steps;
  const auto at = std::find_if(steps.begin(), steps.end(), is_wrong) - steps.begin();
  const auto last = std::max<std::ptrdiff_t>(most_steps, std::min<std::ptrdiff_t>(at + 2, std::ssize(steps)));
  return {steps.begin() + last - most_steps, steps.begin() + last};
}

/// Draws from the top down.
class Drawing {
 public:
  explicit Drawing(const Deviation& d, const CaseResult& c, const OtherRelay* beside = nullptr)
      : d_(d), beside_(beside), steps_(shown_steps(d, c)) {
    two_clients_ = std::any_of(steps_.begin(), steps_.end(),
                               [&](const Step& s) { return segment(s) == Segment::downlink1; });
    for (const Step& s : steps_) {
      if (s.frame && start_.count() == 0) start_ = s.frame->time;
    }
  }

  std::string svg(const std::string& label) {
    std::string arrows;
    for (const Step& s : steps_) arrows += arrow(s);
    const auto lifeline = [&](int x, const char* who) {
      return fmt::format(
          "<text x=\"{0}\" y=\"12\" class=\"who\">{1}</text><path class=\"life\" d=\"M{0} 18V{2}\"/>\n", x,
          who, y_);
    };
    return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", drawing_width, y_ + 4,
                       inline_text(label)) +
           lifeline(client_x, "client") + (two_clients_ ? lifeline(second_client_x, "client 2") : "") +
           lifeline(relay_x, "relay") + lifeline(server_x, "server") + arrows + "</svg>\n";
  }

  std::string label() const {
    return fmt::format(
        "Ladder diagram of {} frames between client, relay and server; the table below it has the same",
        steps_.size());
  }

  /// Where no table has the same.
  std::string in_words() const {
    std::string all = "Ladder diagram:";
    for (const Step& s : steps_) {
      const bool to_relay = s.frame && s.frame->origin == Origin::harness;
      const char* other = host(segment(s));
      all +=
          fmt::format(" {}{} from {} to {}{};", s.wrong ? "what differs: " : "",
                      s.frame ? frame_title(*s.frame) : type_name(d_.exhibit.due), to_relay ? other : "relay",
                      to_relay ? "relay" : other, s.frame ? "" : " did not come");
    }
    all.back() = '.';
    return all;
  }

  std::string table() const {
    std::string html =
        "<table><thead><tr><th scope=\"col\">ms</th><th scope=\"col\">from</th><th scope=\"col\">to</th>"
        "<th scope=\"col\">message</th><th scope=\"col\">the judge says</th></tr></thead>\n<tbody>\n";
    for (const Step& s : steps_) {
      const bool up = s.frame && s.frame->origin == Origin::harness;
      const std::string said = s.frame ? join_comments(*s.frame) : "did not come";
      html += fmt::format(
          "<tr{}><td>{}</td><td>{}</td><td>{}</td><td class=\"text\">{}</td><td class=\"text\">"
          "{}</td></tr>\n",
          s.wrong ? " class=\"wrong\"" : "", s.frame ? milliseconds(*s.frame) : "",
          up ? host(segment(s)) : "relay", up ? "relay" : host(segment(s)), in_full(s), inline_text(said));
    }
    return html + "</tbody></table>\n";
  }

  std::size_t count() const { return steps_.size(); }

 private:
  Segment segment(const Step& s) const { return s.frame ? s.frame->segment : d_.exhibit.segment; }
  static const char* host(Segment s) {
    return s == Segment::uplink ? "server" : s == Segment::downlink0 ? "client" : "client 2";
  }
  static int x_of(Segment s) {
    return s == Segment::uplink ? server_x : s == Segment::downlink0 ? client_x : second_client_x;
  }
  std::string milliseconds(const Frame& f) const {
    return fmt::format("{:.2f}", static_cast<double>((f.time - start_).count()) / 1e6);
  }
  static std::string join_comments(const Frame& f) {
    std::string all;
    for (const std::string& comment : f.comments) all += (all.empty() ? "" : "; ") + comment;
    return all;
  }
  std::string in_full(const Step& s) const {
    if (!s.frame) return inline_text(summary(d_.exhibit.due));
    const Bytes message = payload_of(*s.frame);
    return inline_text(message.empty() ? frame_title(*s.frame) : summary(message)) +
           "<br><span class=\"soft\">" + inline_text(frame_addresses(*s.frame)) + "</span>";
  }

  std::string text(const char* kind, int x, const std::string& what) const {
    return fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>", kind, x, y_, inline_text(what));
  }

  std::vector<std::string> what_is_wrong() const {
    if (d_.expected.empty() || d_.observed.empty() || d_.exhibit.due.empty()) return {d_.reason};
    if (beside_) return {beside_->name + ": " + d_.expected, "here: " + d_.observed};
    return {d_.field + ": expected " + d_.expected, "observed " + d_.observed};
  }

  std::string small_print(const std::vector<std::string>& lines) {
    std::string html;
    for (const std::string& line : lines) {
      y_ += 12;
      html += text("small", 2, shortened(one_line(line), small_print_width));
    }
    return html;
  }

  std::string arrow(const Step& s) {
    const int host_x = x_of(segment(s));
    const bool to_relay = s.frame && s.frame->origin == Origin::harness;
    const int from = to_relay ? host_x : relay_x, to = to_relay ? relay_x : host_x, back = to > from ? -6 : 6;
    std::string html = s.wrong ? "<g class=\"wrong\">" : "<g>";
    y_ += 17;
    html += text("what", 2,
                 (s.wrong ? mark_of(d_) + std::string(" ") : "") +
                     (s.frame ? frame_title(*s.frame) : type_name(d_.exhibit.due)));
    if (s.frame) html += text("time", drawing_width - 2, milliseconds(*s.frame) + " ms");
    y_ += 12;
    html +=
        text("small", 2, s.frame ? shortened(frame_addresses(*s.frame), small_print_width) : "did not come");
    y_ += 8;
    html += fmt::format(
        "<path class=\"arrow{4}\" d=\"M{0} {1}H{2}\"/><path class=\"tip\" d=\"M{2} {1}l{3} -4v8z\"/>", from,
        y_, to, back, s.frame ? "" : " missing");
    if (s.wrong && s.frame) html += small_print(what_is_wrong());
    y_ += 6;
    return html + "</g>\n";
  }

  const Deviation& d_;
  const OtherRelay* beside_;
  std::vector<Step> steps_;
  bool two_clients_ = false;
  std::chrono::nanoseconds start_{};
  int y_ = 20;
};

}  // namespace

std::string ladder_html(const Deviation& d, const CaseResult& c) {
  if (c.frames.empty()) return "";
  Drawing drawing(d, c);
  const std::string svg = drawing.svg(drawing.label());
  const std::string rest = drawing.count() < c.frames.size()
                               ? fmt::format(" of {}; the capture has them all", c.frames.size())
                               : "";
  return fmt::format(
      "<figure class=\"ladder\">\n{}</figure>\n<details class=\"more\"><summary>{} frames{}</summary>\n"
      "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"frames\">\n{}</div></details>\n",
      svg, drawing.count(), rest, drawing.table());
}

std::string exhibit_html(const Deviation& d, const CaseResult& c) {
  const std::string ladder = ladder_html(d, c);
  return ladder.empty()
             ? ""
             : "<div class=\"exhibit\">\n" + ladder + fields_html(d, c) + octets_html(d, c) + "</div>\n";
}

std::string drawing_html(const Deviation& d, const CaseResult& c, const std::string& caption,
                         const OtherRelay* beside) {
  Drawing drawing(d, c, beside);
  const std::string left_out =
      drawing.count() < c.frames.size()
          ? fmt::format(": {} frames of {}; the capture has them all", drawing.count(), c.frames.size())
          : "";
  const std::string svg = drawing.count() == 0 ? "" : drawing.svg(drawing.in_words());
  return fmt::format("<figure class=\"ladder\">\n<figcaption>{}{}</figcaption>\n{}</figure>\n",
                     inline_text(caption), left_out, svg);
}

std::string exhibit_beside_html(const Deviation& d, const CaseResult& c, const OtherRelay& other) {
  if (c.frames.empty() && other.frames.empty()) return "";
  // Nothing is marked in the diagram of the one that the other is compared with.
  const Deviation unmarked{.verdict = Verdict::note};
  CaseResult of_other;
  of_other.frames = other.frames;
  return "<div class=\"exhibit\">\n<div class=\"pair\">\n" + drawing_html(unmarked, of_other, other.name) +
         drawing_html(d, c, other.name_of_compared, &other) + "</div>\n" + fields_html(d, c, &other) +
         octets_html(d, c, &other) + "</div>\n";
}

}  // namespace relayspec
