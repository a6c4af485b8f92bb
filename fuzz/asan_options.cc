// SPDX-License-Identifier: Apache-2.0
// A fuzz target of the harness has some of its files twice, with coverage and without, and takes the first.
// The sanitizer would complain of that.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_odr_violation=0"; }
