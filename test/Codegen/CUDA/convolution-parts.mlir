// RUN: %cuda mlopt-cuda-kernel-test %s --gpu=sm_80,sm_90 --ptxas=none --size n=1 --size n=3 --size n=0 | FileCheck %s --implicit-check-not=FAILED --implicit-check-not=cuda-generic '--implicit-check-not=conflicts={{1\.0[1-9]|1\.[1-9]|[2-9]}}'
// RUN: mlopt-cuda-kernel-test %s --gpu=sm_90 --ptxas=none --show-schedule | FileCheck %s --check-prefix=SCHEDULE
//
// Small images and many channels: the sum over taps and channels is divided among
// blocks, and its parts are added in order by a second launch.
//
// CHECK: parts_f32 sm_80: cuda-convolution
// CHECK: late_f16 sm_80: cuda-convolution {{.*}}excess=0 conflicts=1.00
// SCHEDULE: parts_symbols_f32 sm_90: {{.*}}"cuda-convolution", phases = 2, scratchShared = <"n * {{[0-9]+}}">{{.*}}splits = {{[2-9]|[1-9][0-9]}} : i64
// SCHEDULE: late_f16 sm_90: {{.*}}phases = 2{{.*}}launch = [{block = [{{[0-9]+}}, 1, 1], grid = [#mlopt.sym<"{{[0-9]+}}">, #mlopt.sym<"{{[0-9]+}}">, #mlopt.sym<"[[SPLITS:[0-9]+]]">]{{.*}}splits = [[SPLITS]] : i64

mlopt.kernel @parts_f32(%x: tensor<1x320x4x5xf32>, %f: tensor<40x320x3x3xf32>, %b: tensor<40xf32>, %r: tensor<1x40x4x5xf32>) -> tensor<1x40x4x5xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 320, 4, 5], [40, 320, 3, 3], [40], [1, 40, 4, 5], [1, 40, 4, 5]], layouts = [#mlopt.layout<"nc2d320c", [0, 1, 0, 1, 320, 0, 2, 1, 0, 3, 1, 0, 1, 1, 320]>, #mlopt.layout<"filter_rows320i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 320]>, unit, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x320x4x5xf32>, tensor<40x320x3x3xf32>, tensor<40xf32>) -> tensor<1x40x4x5xf32>
  %1 = mlopt.add %0, %r : (tensor<1x40x4x5xf32>, tensor<1x40x4x5xf32>) -> tensor<1x40x4x5xf32>
  mlopt.yield %1 : tensor<1x40x4x5xf32>
}

mlopt.kernel @parts_symbols_f32(%x: tensor<?x640x3x3xf32>, %f: tensor<13x640x3x3xf32>, %b: tensor<13xf32>) -> tensor<?x13x3x3xf32> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 640, 3, 3], [13, 640, 3, 3], [13], ["n", 13, 3, 3]], layouts = [#mlopt.layout<"nc2d640c", [0, 1, 0, 1, 640, 0, 2, 1, 0, 3, 1, 0, 1, 1, 640]>, #mlopt.layout<"filter_rows640i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 640]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x640x3x3xf32>, tensor<13x640x3x3xf32>, tensor<13xf32>) -> tensor<?x13x3x3xf32>
  %1 = mlopt.abs %0 : (tensor<?x13x3x3xf32>) -> tensor<?x13x3x3xf32>
  mlopt.yield %1 : tensor<?x13x3x3xf32>
}

mlopt.kernel @late_f32(%x: tensor<1x512x7x7xf32>, %f: tensor<64x512x3x3xf32>, %b: tensor<64xf32>) -> tensor<1x64x7x7xf32> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 512, 7, 7], [64, 512, 3, 3], [64], [1, 64, 7, 7]], layouts = [#mlopt.layout<"nc2d512c", [0, 1, 0, 1, 512, 0, 2, 1, 0, 3, 1, 0, 1, 1, 512]>, #mlopt.layout<"filter_rows512i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 512]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x512x7x7xf32>, tensor<64x512x3x3xf32>, tensor<64xf32>) -> tensor<1x64x7x7xf32>
  %1 = mlopt.abs %0 : (tensor<1x64x7x7xf32>) -> tensor<1x64x7x7xf32>
  mlopt.yield %1 : tensor<1x64x7x7xf32>
}

mlopt.kernel @parts_f16(%x: tensor<1x320x4x5xf16>, %f: tensor<40x320x3x3xf16>, %b: tensor<40xf16>, %r: tensor<1x40x4x5xf16>) -> tensor<1x40x4x5xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 320, 4, 5], [40, 320, 3, 3], [40], [1, 40, 4, 5], [1, 40, 4, 5]], layouts = [#mlopt.layout<"nc2d320c", [0, 1, 0, 1, 320, 0, 2, 1, 0, 3, 1, 0, 1, 1, 320]>, #mlopt.layout<"filter_rows320i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 320]>, unit, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x320x4x5xf16>, tensor<40x320x3x3xf16>, tensor<40xf16>) -> tensor<1x40x4x5xf16>
  %1 = mlopt.add %0, %r : (tensor<1x40x4x5xf16>, tensor<1x40x4x5xf16>) -> tensor<1x40x4x5xf16>
  mlopt.yield %1 : tensor<1x40x4x5xf16>
}

mlopt.kernel @parts_symbols_f16(%x: tensor<?x640x3x3xf16>, %f: tensor<13x640x3x3xf16>, %b: tensor<13xf16>) -> tensor<?x13x3x3xf16> attributes {hero = #mlopt.hero<convolution>, dims = [["n", 640, 3, 3], [13, 640, 3, 3], [13], ["n", 13, 3, 3]], layouts = [#mlopt.layout<"nc2d640c", [0, 1, 0, 1, 640, 0, 2, 1, 0, 3, 1, 0, 1, 1, 640]>, #mlopt.layout<"filter_rows640i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 640]>, unit, #mlopt.layout<"nc2d16c", [0, 1, 0, 1, 16, 0, 2, 1, 0, 3, 1, 0, 1, 1, 16]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x640x3x3xf16>, tensor<13x640x3x3xf16>, tensor<13xf16>) -> tensor<?x13x3x3xf16>
  %1 = mlopt.abs %0 : (tensor<?x13x3x3xf16>) -> tensor<?x13x3x3xf16>
  mlopt.yield %1 : tensor<?x13x3x3xf16>
}

mlopt.kernel @late_f16(%x: tensor<1x512x7x7xf16>, %f: tensor<64x512x3x3xf16>, %b: tensor<64xf16>) -> tensor<1x64x7x7xf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 512, 7, 7], [64, 512, 3, 3], [64], [1, 64, 7, 7]], layouts = [#mlopt.layout<"nc2d512c", [0, 1, 0, 1, 512, 0, 2, 1, 0, 3, 1, 0, 1, 1, 512]>, #mlopt.layout<"filter_rows512i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 512]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x512x7x7xf16>, tensor<64x512x3x3xf16>, tensor<64xf16>) -> tensor<1x64x7x7xf16>
  %1 = mlopt.abs %0 : (tensor<1x64x7x7xf16>) -> tensor<1x64x7x7xf16>
  mlopt.yield %1 : tensor<1x64x7x7xf16>
}

mlopt.kernel @parts_bf16(%x: tensor<1x320x4x5xbf16>, %f: tensor<40x320x3x3xbf16>, %b: tensor<40xbf16>, %r: tensor<1x40x4x5xbf16>) -> tensor<1x40x4x5xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 320, 4, 5], [40, 320, 3, 3], [40], [1, 40, 4, 5], [1, 40, 4, 5]], layouts = [#mlopt.layout<"nc2d320c", [0, 1, 0, 1, 320, 0, 2, 1, 0, 3, 1, 0, 1, 1, 320]>, #mlopt.layout<"filter_rows320i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 320]>, unit, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>, #mlopt.layout<"nc2d40c", [0, 1, 0, 1, 40, 0, 2, 1, 0, 3, 1, 0, 1, 1, 40]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x320x4x5xbf16>, tensor<40x320x3x3xbf16>, tensor<40xbf16>) -> tensor<1x40x4x5xbf16>
  %1 = mlopt.add %0, %r : (tensor<1x40x4x5xbf16>, tensor<1x40x4x5xbf16>) -> tensor<1x40x4x5xbf16>
  mlopt.yield %1 : tensor<1x40x4x5xbf16>
}

mlopt.kernel @late_bf16(%x: tensor<1x512x7x7xbf16>, %f: tensor<64x512x3x3xbf16>, %b: tensor<64xbf16>) -> tensor<1x64x7x7xbf16> attributes {hero = #mlopt.hero<convolution>, dims = [[1, 512, 7, 7], [64, 512, 3, 3], [64], [1, 64, 7, 7]], layouts = [#mlopt.layout<"nc2d512c", [0, 1, 0, 1, 512, 0, 2, 1, 0, 3, 1, 0, 1, 1, 512]>, #mlopt.layout<"filter_rows512i", [0, 1, 0, 2, 1, 0, 3, 1, 0, 1, 1, 512]>, unit, #mlopt.layout<"nc2d64c", [0, 1, 0, 1, 64, 0, 2, 1, 0, 3, 1, 0, 1, 1, 64]>]} {
  %0 = mlopt.conv %x, %f, %b {mlopt.hero_op, strides = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x512x7x7xbf16>, tensor<64x512x3x3xbf16>, tensor<64xbf16>) -> tensor<1x64x7x7xbf16>
  %1 = mlopt.abs %0 : (tensor<1x64x7x7xbf16>) -> tensor<1x64x7x7xbf16>
  mlopt.yield %1 : tensor<1x64x7x7xbf16>
}
