#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets by the conventions of OSS-Fuzz and ClusterFuzzLite: with $CXX, $CXXFLAGS and $LIB_FUZZING_ENGINE into
# $OUT, each with its seeds, dictionary and options. Needs libtins and fmt where the targets that ask the model are wanted; without
# them the others are built. Try it by hand:
#   CXX=clang++ CXXFLAGS=-fsanitize=address,fuzzer-no-link LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT=/tmp/out ci/ossfuzz/build.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

: "${CXX:?}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}"
work=${WORK:-$(mktemp -d)}
mkdir -p "$OUT" "$work/core" "$work/judge" "$work/readers"
read -ra flags <<<"${CXXFLAGS:-}"
flags+=(-std=c++20 -O2 -w -Iinclude -I. '-DRELAYSPEC_VERSION="fuzz"' -DFMT_SHARED)
read -ra engine <<<"$LIB_FUZZING_ENGINE"

# compile FOLDER FILE...: object files in that folder.
compile() {
  local folder=$1
  shift
  printf '%s\n' "$@" | xargs --max-procs="$(nproc)" -I{} sh -c \
    'file=$1; folder=$2; shift 2; exec "$@" -c "$file" -o "$folder/$(echo "$file" | tr / _).o"' sh {} "$folder" "$CXX" "${flags[@]}"
}

compile "$work/core" relay/{core,request,reply,option82,options,server_id,server_memory,address}.cc
compile "$work" fuzz/mutator.cc
judge=()
if echo '#include <tins/tins.h>
#include <fmt/format.h>' | "$CXX" "${flags[@]}" -fsyntax-only -x c++ - 2>/dev/null; then
  mapfile -t sources < <(find harness/dhcp4 -name '*.cc' ! -name '*_test.cc')
  compile "$work/judge" fuzz/{judge,left_open}.cc harness/live/left_open.cc "${sources[@]}" \
    harness/{datagram,topology,dialect,settings,settings_table,text,suggest,packing}.cc
  judge=("$work"/judge/*.o -ltins -lfmt)
fi

cp fuzz/*.dict "$OUT"
# What the targets of the harness read with: an archive, of which each takes what it needs.
readers=()
if ((${#judge[@]} > 0)) && echo '#include <toml++/toml.h>
#include <pcap/pcap.h>
#include <libmnl/libmnl.h>' | "$CXX" "${flags[@]}" -fsyntax-only -x c++ - 2>/dev/null; then
  mapfile -t sources < <(find harness/{engine,lab,dhcp4} -name '*.cc' ! -name '*_test.cc')
  compile "$work/readers" fuzz/data_beside_program.cc "${sources[@]}" harness/live/{translate,prober}.cc harness/reports/pcapng.cc \
    harness/{attach,baseline,baseline_write,capture,capture_own,catalogue,datagram,dialect,icmp,packing,profile,settings}.cc \
    harness/{settings_table,shell,suggest,text,toml,topology}.cc
  ar rcs "$work/readers.a" "$work"/readers/*.o
  readers=("$work/readers.a" -ltins -lfmt -ltomlplusplus -lpcap -lmnl -lpthread)
  mkdir -p "$OUT/share/relayspec"
  cp -r testsuites/requirements "$OUT/share/relayspec"
fi

for source in fuzz/*.cc; do
  name=$(basename "$source" .cc)
  if ! grep --quiet LLVMFuzzerTestOneInput "$source" || [[ $name == replay_main ]]; then continue; fi
  parts=("$work"/core/*.o)
  if grep --quiet 'fuzz/judge.h' "$source"; then
    if ((${#judge[@]} == 0)); then continue; fi
    parts+=("${judge[@]}")
  fi
  flags_of_target=()
  if grep --quiet '"harness/\|"relayspec/harness/\|"fuzz/one_line.h' "$source"; then
    if ((${#readers[@]} == 0)); then continue; fi
    parts+=("${readers[@]}")
    flags_of_target=(-fno-sanitize=enum) # libtins has enumerations that hold what the wire has
  # Inputs of these are a site and one message, which the mutator knows how to change. Only libFuzzer has its hook.
  elif [[ $LIB_FUZZING_ENGINE == *fuzzer* && $name != option_walk* && $name != *sequence* && $name != messages_* ]]; then
    parts+=("$work/fuzz_mutator.cc.o")
  fi
  "$CXX" "${flags[@]}" "${flags_of_target[@]}" "$source" "${parts[@]}" "${engine[@]}" -o "$OUT/$name"
  (cd "fuzz/corpus/$name" && /usr/bin/python3 -m zipfile -c "$OUT/${name}_seed_corpus.zip" ./*)
  {
    echo '[libfuzzer]'
    ci/fuzzoptions "$name"
  } >"$OUT/$name.options"
done
