#include "harness/lab/mounts.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "harness/lab/fd.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;

// The tmpfs that becomes /run holds the upper layers of the others while they are made, and is covered at the
// end.
const std::string scratch = "/run";

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// A tmpfs that looks like the directory it covers.
bool mount_tmpfs(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  const std::string mode = fmt::format("mode={:o}", status.st_mode & 07777U);
  if (::mount("tmpfs", path.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, mode.c_str()) != 0) return false;
  // In a user namespace most owners have no number; then it stays our own.
  [[maybe_unused]] const int ignored = ::chown(path.c_str(), status.st_uid, status.st_gid);
  return true;
}

// An octal escape of /proc/self/mountinfo: \040 for a space.
std::string unescape(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      plain += static_cast<char>(std::stoi(text.substr(i + 1, 3), nullptr, 8));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

bool is_below(const std::string& path, const std::string& directory) {
  return path.size() > directory.size() && path.compare(0, directory.size() + 1, directory + "/") == 0;
}

// The outermost mounts below a directory, opened, to be laid again over what will cover them.
std::vector<std::pair<std::string, Fd>> open_mounts_below(const std::string& directory) {
  std::vector<std::pair<std::string, Fd>> found;
  std::ifstream table("/proc/self/mountinfo");
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string field, point;
    fields >> field >> field >> field >> field >> point;
    point = unescape(point);
    if (!is_below(point, directory) || (!found.empty() && is_below(point, found.back().first))) continue;
    if (Fd fd{::open(point.c_str(), O_PATH | O_CLOEXEC)}) found.emplace_back(point, std::move(fd));
  }
  return found;
}

// The directories that are the relay's own.
class PrivateDirectories {
 public:
  bool hold(const std::string& path) const {
    return std::any_of(directories_.begin(), directories_.end(),
                       [&](const std::string& d) { return path == d || is_below(path, d); });
  }

  bool empty(const std::string& directory) {
    if (!mount_tmpfs(directory)) return false;
    directories_.push_back(directory);
    return true;
  }

  // What stands there stays to be seen, and what is written is private.
  bool layer(const std::string& directory) { return overlay(directory) || show(directory); }

 private:
  // False where the kernel allows none: to an ordinary user not over a directory with mounts below it.
  bool overlay(const std::string& directory) {
    struct stat status {};
    if (::lstat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
    const std::string base = fmt::format("{}/layer{}", scratch, layers_++);
    const std::string upper = base + "/upper", work = base + "/work";
    for (const std::string& made : {base, upper, work}) {
      if (::mkdir(made.c_str(), 0700) != 0) return false;
    }
    [[maybe_unused]] const int ignored = ::chown(upper.c_str(), status.st_uid, status.st_gid);
    if (::chmod(upper.c_str(), status.st_mode & 07777U) != 0) return false;

    std::string lower;
    for (const char c : directory) {  // the option's own separators
      if (c == ':' || c == ',' || c == '\\') lower += '\\';
      lower += c;
    }
    const std::string options = fmt::format("lowerdir={},upperdir={},workdir={}", lower, upper, work);
    const auto mounts = open_mounts_below(directory);
    // In a user namespace the layers' own marks must be user.* attributes.
    if (::mount("overlay", directory.c_str(), "overlay", MS_NOSUID | MS_NODEV,
                (options + ",userxattr").c_str()) != 0 &&
        ::mount("overlay", directory.c_str(), "overlay", MS_NOSUID | MS_NODEV, options.c_str()) != 0) {
      return false;
    }
    for (const auto& [point, fd] : mounts) {
      const std::string source = fmt::format("/proc/self/fd/{}", fd.get());
      if (::mount(source.c_str(), point.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) {
        ::umount2(directory.c_str(), MNT_DETACH);
        return false;
      }
    }
    directories_.push_back(directory);
    return true;
  }

  // The second best: a tmpfs, and in it each thing that stood there; read-only if that has mounts below it
  // too.
  bool show(const std::string& directory) {
    std::vector<std::pair<std::string, Fd>> entries;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
      Fd fd{::open(entry.path().c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
      if (fd) entries.emplace_back(entry.path().string(), std::move(fd));
    }
    if (error || !empty(directory)) return false;
    for (const auto& [path, fd] : entries) show_entry(path, fd);
    return true;
  }

  // What cannot be shown is missing, and the relay will say so.
  void show_entry(const std::string& path, const Fd& fd) {
    const std::string source = fmt::format("/proc/self/fd/{}", fd.get());
    struct stat status {};
    if (::fstatat(fd.get(), "", &status, AT_EMPTY_PATH) != 0) return;
    std::error_code error;
    if (S_ISLNK(status.st_mode)) {
      char target[PATH_MAX];
      const ssize_t length = ::readlinkat(fd.get(), "", target, sizeof target);
      if (length > 0) fs::create_symlink(std::string(target, static_cast<std::size_t>(length)), path, error);
      return;
    }
    if (S_ISDIR(status.st_mode)) {
      fs::create_directory(path, error);
    } else {
      const Fd place(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    }
    mount_attr read_only{};
    read_only.attr_set = MOUNT_ATTR_RDONLY;
    if (::mount(source.c_str(), path.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0 &&
        ::mount_setattr(AT_FDCWD, path.c_str(), AT_RECURSIVE, &read_only, sizeof read_only) != 0) {
      ::umount2(path.c_str(), MNT_DETACH);
    } else if (S_ISDIR(status.st_mode)) {
      overlay(path);
    }
  }

  std::vector<std::string> directories_;
  int layers_ = 0;
};

void write_file(const fs::path& path, const std::string& text, const std::string& what) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) throw_errno(what);
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(fd.get(), text.data() + done, text.size() - done);
    if (n < 0) throw_errno(what);
    done += static_cast<std::size_t>(n);
  }
}

void lay_over(const std::string& path, const std::string& text, std::size_t number, PrivateDirectories& own) {
  const std::string what = fmt::format("cannot lay the profile's file {} over the relay's file system", path);
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) throw LabError(what + ": something else than a file is there");
  if (exists && !own.hold(path)) {
    const std::string source = fmt::format("{}/file{}", scratch, number);
    write_file(source, text, what);
    if (::mount(source.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0) throw_errno(what);
    return;
  }
  const fs::path parent = fs::path(path).parent_path();
  fs::path standing = parent;
  while (!fs::exists(standing)) standing = standing.parent_path();
  if (!own.hold(standing.string()) && (standing == "/" || !own.layer(standing.string()))) {
    throw LabError(fmt::format("{}: {} cannot be made private here; take a path below /run or /tmp", what,
                               standing.string()));
  }
  fs::create_directories(parent);
  write_file(path, text, what);
}

bool make_private() { return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0; }

// In a chroot "/" is a mere directory of a mount that cannot be named from there. Who enters a mount
// namespace, even the one that it is in, begins at its real root; from there the way back leads through what
// was opened before.
bool make_private_around_chroot() {
  const Fd root(::open("/", O_PATH | O_CLOEXEC)), here(::open(".", O_PATH | O_CLOEXEC));
  const Fd own(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
  if (!root || !here || !own || ::setns(own.get(), CLONE_NEWNS) != 0) return false;
  const bool done = make_private();
  return ::fchdir(root.get()) == 0 && ::chroot(".") == 0 && ::fchdir(here.get()) == 0 && done;
}

}  // namespace

void detach_mounts() {
  if (!make_private() && (errno != EINVAL || !make_private_around_chroot())) {
    throw_errno("cannot detach the relay's mounts");
  }
  // Neither is granted everywhere (containers hide parts of /proc); a relay can live without.
  constexpr unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  [[maybe_unused]] const int proc = ::mount("proc", "/proc", "proc", flags, nullptr);
  // Read-only, also because systemd-networkd takes that for "no udev here" and does not wait for it.
  if (::mount("sysfs", "/sys", "sysfs", flags | MS_RDONLY, nullptr) != 0) {
    [[maybe_unused]] const int sys =
        ::mount(nullptr, "/sys", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | flags, nullptr);
  }
}

void hide_file_system(const std::map<std::string, std::string>& files) {
  if (!mount_tmpfs(scratch)) throw_errno("cannot mount a private tmpfs on /run");
  PrivateDirectories own;
  // Programs under /tmp can be started, yet nothing that is written there stays.
  for (const char* directory : {"/tmp", "/var/tmp"}) own.layer(directory);
  for (const char* directory :
       {"/var/lib/dhcp", "/var/lib/misc", "/var/lib/dnsmasq", "/var/db", "/dev/shm"}) {
    if (is_directory(directory) && !own.empty(directory)) {
      throw_errno(fmt::format("cannot mount a private tmpfs on {}", directory));
    }
  }

  // Files below /run come last, when the final tmpfs is there.
  std::map<std::string, std::string> below_run;
  std::size_t number = 0;
  for (const auto& [path, text] : files) {
    if (path.empty() || path[0] != '/') throw LabError("a profile's file needs an absolute path: " + path);
    if (is_below(path, "/run") || is_below(path, "/var/run")) {
      below_run.emplace(path.substr(path.find("/run/")), text);
    } else {
      lay_over(path, text, number++, own);
    }
  }

  if (!mount_tmpfs("/run")) throw_errno("cannot mount a private tmpfs on /run");
  for (const char* directory : {"/run/tmp", "/run/lock"}) {
    ::mkdir(directory, 01777);
    ::chmod(directory, 01777);
  }
  if (is_directory("/var/run") && ::mount("/run", "/var/run", nullptr, MS_BIND, nullptr) != 0) {
    throw_errno("cannot lay the private /run over /var/run");
  }
  for (const auto& [path, text] : below_run) {
    fs::create_directories(fs::path(path).parent_path());
    write_file(path, text, fmt::format("cannot write the profile's file {}", path));
  }
}

}  // namespace relayspec
