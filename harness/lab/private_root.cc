// SPDX-License-Identifier: Apache-2.0
// A root file system of layers: each file system of the machine below a layer of its own, all layers in one
// tmpfs of a fixed size.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "harness/lab/fd.h"
#include "harness/lab/limits.h"
#include "harness/lab/mounts.h"
#include "harness/lab/mounts_impl.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;

// The tmpfs covers this directory while the root is made, and is the working directory then. So "../etc" is
// the machine's /etc and "root/etc" the relay's, also from inside a chroot.
const std::string scratch = "/run";
constexpr const char* scratch_size = "mode=0700,size=256m,nr_inodes=128k";

std::string machines(const std::string& path) { return path == "/" ? ".." : ".." + path; }
std::string relays(const std::string& path) { return path == "/" ? "root" : "root" + path; }

bool is_below(const std::string& path, const std::string& directory) {
  return directory == "/" ? path != "/" : path.size() > directory.size() && path.starts_with(directory + "/");
}

// Made again: nothing of the machine's is shown there.
bool is_replaced(const std::string& path) {
  constexpr std::array<const char*, 4> places = {"/proc", "/sys", "/dev", "/run"};
  return std::any_of(places.begin(), places.end(),
                     [&](const char* place) { return path == place || is_below(path, place); });
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

struct MountPoint {
  std::string path;
  bool read_only;
};

// Where something is mounted that the relay is to see. A container's overlay below /var/lib is no part of
// what a relay needs, and an automount would be triggered.
std::vector<MountPoint> mount_points() {
  std::vector<MountPoint> points;
  std::ifstream table("/proc/self/mountinfo");
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string field, path, options, type;
    fields >> field >> field >> field >> field >> path >> options;
    path = unescape(path);
    if (path == "/" || is_replaced(path)) continue;
    while (fields >> field && field != "-") {
    }
    fields >> type;
    if (type == "overlay" || type == "nsfs" || type == "autofs") continue;
    points.push_back({path, options == "ro" || options.starts_with("ro,")});
  }
  return points;
}

bool in_first_user_namespace() {
  std::error_code error;
  return fs::read_symlink("/proc/self/ns/user", error) == fmt::format("user:[{}]", 0xEFFFFFFDU);
}

void write_file(const std::string& path, const std::string& text, const std::string& what) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) throw_errno(what);
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(fd.get(), text.data() + done, text.size() - done);
    if (n < 0) throw_errno(what);
    done += static_cast<std::size_t>(n);
  }
}

bool bind_mount(const std::string& from, const std::string& to, unsigned long more = 0) {
  return ::mount(from.c_str(), to.c_str(), nullptr, MS_BIND | more, nullptr) == 0;
}

void touch(const std::string& path) {
  const Fd place(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

class PrivateRoot {
 public:
  PrivateRoot() : mounts_(mount_points()), owner_of_all_(in_first_user_namespace()) {
    if (::mount("tmpfs", scratch.c_str(), "tmpfs", MS_NOSUID, scratch_size) != 0)
      throw_errno("cannot mount a private tmpfs on " + scratch);
    if (::chdir(scratch.c_str()) != 0) throw_errno("cannot enter the private tmpfs");
    show("/");
  }

  // A layer of its own, for an ordinary user, who could else write to no directory of another user.
  bool layer(const std::string& path) {
    struct stat status {};
    if (std::find(layers_.begin(), layers_.end(), path) != layers_.end()) return true;
    return ::lstat(machines(path).c_str(), &status) == 0 && S_ISDIR(status.st_mode) && overlay(path, status);
  }
  bool needs_more_layers() const { return !owner_of_all_; }

  // The next two are for inside of the new root.
  void empty(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return;
    if (!bind_mount(new_directory(status), path)) throw_errno("cannot lay a private directory over " + path);
  }
  void lay_over(const std::string& path, const std::string& text);

  void make_dev();

 private:
  // In a user namespace most owners have no number; then the owner stays this process's user.
  static void make_alike(const std::string& path, const struct stat& like) {
    [[maybe_unused]] const int ignored = ::chown(path.c_str(), like.st_uid, like.st_gid);
    ::chmod(path.c_str(), like.st_mode & 07777U);
  }

  std::string new_directory(const struct stat& like) {
    std::string path = fmt::format("directory{}", made_++);
    ::mkdir(path.c_str(), 0700);
    make_alike(path, like);
    return path;
  }

  bool overlay(const std::string& path, const struct stat& status) {
    const std::string upper = new_directory(status), work = new_directory(status);
    std::string lower;
    for (const char c : machines(path)) {  // the option's own separators
      if (c == ':' || c == ',' || c == '\\') lower += '\\';
      lower += c;
    }
    // In a user namespace the layers' own marks must be user.* attributes.
    const std::string options = fmt::format("lowerdir={},upperdir={},workdir={}{}", lower, upper, work,
                                            owner_of_all_ ? "" : ",userxattr");
    const std::string place = relays(path);
    if (::mount("overlay", place.c_str(), "overlay", MS_NODEV, options.c_str()) != 0) return false;
    layers_.push_back(path);
    return true;
  }

  // What cannot be shown is missing, and the relay will say so.
  void show(const std::string& path) {
    const std::string from = machines(path), to = relays(path);
    struct stat status {};
    if (::lstat(from.c_str(), &status) != 0) return;
    if (S_ISLNK(status.st_mode)) {
      std::error_code error;
      fs::copy_symlink(from, to, error);
    } else if (!S_ISDIR(status.st_mode)) {
      touch(to);
      show_read_only(from, to);
    } else {
      ::mkdir(to.c_str(), 0755);
      if (!is_replaced(path)) show_directory(path, status);
    }
  }

  void show_directory(const std::string& path, const struct stat& status) {
    std::vector<std::string> below;
    bool read_only = false;
    for (const auto& [point, is_read_only] : mounts_) {
      const bool inside = !below.empty() && (point == below.back() || is_below(point, below.back()));
      if (is_below(point, path) && !inside) below.push_back(point);
      if (point == path) read_only = is_read_only;
    }
    const bool whole = below.empty();
    if (!(read_only && whole) && overlay(path, status)) {
      for (const std::string& point : below) show(point);
    } else if (whole) {
      show_read_only(machines(path), relays(path));
    } else {  // the kernel gives an ordinary user no layer over a directory with mounts below it
      if (path == "/" && !bind_mount("root", "root")) throw_errno("cannot make a root for the relay");
      make_alike(relays(path), status);
      std::error_code error;
      for (const auto& entry : fs::directory_iterator(machines(path), error))
        show((path == "/" ? "" : path) + "/" + entry.path().filename().string());
    }
  }

  static void show_read_only(const std::string& from, const std::string& to) {
    if (bind_mount(from, to, MS_REC) && !make_read_only(to)) ::umount2(to.c_str(), MNT_DETACH);
  }

  std::vector<MountPoint> mounts_;
  bool owner_of_all_;
  std::vector<std::string> layers_;
  std::size_t made_ = 0;
};

// What every program may expect, and no disk and no memory of the machine.
void PrivateRoot::make_dev() {
  struct stat status {};
  if (::stat("..", &status) != 0) throw_errno("cannot look at the root directory");
  const std::string dev = relays("/dev");
  if (!bind_mount(new_directory(status), dev)) throw_errno("cannot make a private /dev");
  for (const char* directory : {"/net", "/pts", "/shm"}) ::mkdir((dev + directory).c_str(), 0755);
  ::chmod((dev + "/shm").c_str(), 01777);
  for (const std::string device : {"/null", "/zero", "/full", "/random", "/urandom", "/tty", "/net/tun"}) {
    const std::string machine = machines("/dev" + device), own = dev + device;
    if (::stat(machine.c_str(), &status) != 0) continue;
    if (::mknod(own.c_str(), status.st_mode, status.st_rdev) == 0) {
      ::chmod(own.c_str(), status.st_mode & 07777U);
      continue;
    }
    touch(own);  // in a user namespace
    bind_mount(machine, own);
  }
  [[maybe_unused]] const int pts = ::mount("devpts", (dev + "/pts").c_str(), "devpts", MS_NOSUID | MS_NOEXEC,
                                           "newinstance,ptmxmode=0666,mode=0620");
  for (const auto& [link, target] : {std::pair{"/ptmx", "pts/ptmx"},
                                     {"/fd", "/proc/self/fd"},
                                     {"/stdin", "fd/0"},
                                     {"/stdout", "fd/1"},
                                     {"/stderr", "fd/2"}}) {
    [[maybe_unused]] const int ignored = ::symlink(target, (dev + link).c_str());
  }
}

// Inside the new root. What is below another user's directory gets a layer of its own first.
void PrivateRoot::lay_over(const std::string& path, const std::string& text) {
  const std::string what = fmt::format("cannot lay the profile's file {} over the relay's file system", path);
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) throw LabError(what + ": something else than a file is there");
    if (::access(path.c_str(), W_OK) == 0) return write_file(path, text, what);
    const std::string source = fmt::format("file{}", made_++);
    write_file(source, text, what);
    if (!bind_mount(source, path)) throw_errno(what);
    return;
  }
  const fs::path parent = fs::path(path).parent_path();
  std::error_code error;
  fs::create_directories(parent, error);
  if (::access(parent.c_str(), W_OK) != 0) {
    fs::path standing = parent;
    while (!fs::exists(standing, error)) standing = standing.parent_path();
    if (!layer(fs::canonical(standing, error))) {
      throw LabError(fmt::format("{}: {} cannot be made private here; take a path below /run or /tmp", what,
                                 standing.string()));
    }
    fs::create_directories(parent, error);
  }
  write_file(path, text, what);
}

// Much in /proc belongs to the machine as a whole, and to its root without further rights. Of the sysctls
// those of the network are the namespace's own.
void protect_proc() {
  const std::string proc = relays("/proc"), net = proc + "/sys/net";
  const bool apart = bind_mount(net, net);
  if (!make_read_only(proc)) return;
  mount_attr writable{};
  writable.attr_clr = MOUNT_ATTR_RDONLY;
  if (apart) ::mount_setattr(AT_FDCWD, net.c_str(), 0, &writable, sizeof writable);
}

// The old root goes, whether it is the namespace's or a chroot in it.
void become_root(const Fd& root, const Fd& own_mounts) {
  const char* const what = "cannot enter the relay's root file system";
  checked(::setns(own_mounts.get(), CLONE_NEWNS), what);
  checked(::fchdir(root.get()), what);
  if (::syscall(SYS_pivot_root, ".", ".") == 0) {
    checked(::umount2(".", MNT_DETACH), what);
  } else {  // the machine runs from its initial file system, which cannot be changed
    checked(::mount(".", "/", nullptr, MS_MOVE, nullptr), what);
    checked(::chroot("."), what);
  }
  checked(::chdir("/"), what);
}

}  // namespace

void enter_private_root(const std::map<std::string, std::string>& files) {
  ::umask(022);
  cut_propagation();
  PrivateRoot own;
  if (own.needs_more_layers()) {
    for (const char* directory : {"/tmp", "/var/tmp"}) own.layer(directory);
  }
  own.make_dev();
  mount_proc_and_sys("root");
  limit_namespaces("root/proc");
  protect_proc();
  const Fd root(checked(::open("root", O_PATH | O_CLOEXEC), "cannot open the relay's root file system"));
  const Fd mounts(
      checked(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), "cannot open /proc/self/ns/mnt"));

  checked(::chroot("root"), "cannot enter the relay's root file system");
  for (const char* directory : {"/run", "/var/lib/dhcp", "/var/lib/misc", "/var/lib/dnsmasq", "/var/db"})
    own.empty(directory);
  if (!fs::is_symlink("/var/run")) bind_mount("/run", "/var/run");
  for (const char* directory : {"/run/tmp", "/run/lock"}) {
    ::mkdir(directory, 01777);
    ::chmod(directory, 01777);
  }
  for (const auto& [path, text] : files) {
    if (path.empty() || path[0] != '/') throw LabError("a profile's file needs an absolute path: " + path);
    own.lay_over(path, text);
  }
  become_root(root, mounts);
}

}  // namespace relayspec
