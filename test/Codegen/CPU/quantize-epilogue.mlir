// RUN: mlopt-kernel-test %s --cpu=x86-64-v4 --emit-asm | FileCheck %s --check-prefixes=ALL,V4
// RUN: mlopt-kernel-test %s --cpu=x86-64-v3 --emit-asm | FileCheck %s --check-prefixes=ALL,V3
// RUN: mlopt-kernel-test %s --cpu=x86-64-v2 --emit-asm | FileCheck %s --check-prefixes=ALL,V2
//
// What stands at the end of every integer kernel: quantization is six
// instructions a vector at the highest level (scale, two limits, rounding,
// narrowing, the zero point), vectors at every level; integers are widened as
// they are loaded.

// ALL-LABEL: q_static:
// V4: vmulps
// V4-NEXT: vmaxps
// V4-NEXT: vminps
// V4-NEXT: vaddps
// V4-NEXT: vpmovdb
// V4-NEXT: vpaddb
// V4-NEXT: vmovdqu %xmm
// V3: vmulps
// V3-NEXT: vmaxps
// V3-NEXT: vminps
// V3-NEXT: vaddps
// V3: vpaddb
// V3-NEXT: vmovq
// V2: mulps
// V2-NEXT: maxps
// V2-NEXT: minps
// V2-NEXT: addps
// V2: paddb
// V2-NEXT: movd
// ALL-NOT: cvttss
// ALL-NOT: cvtss
// ALL: ret
mlopt.kernel @q_static(%x: tensor<7x64xf32>) -> tensor<7x64xui8> attributes {hero = #mlopt.hero<elementwise>, dims = [[7, 64], [7, 64]]} {
  %s = mlopt.constant dense<0.25> : tensor<f32>
  %z = mlopt.constant dense<131> : tensor<ui8>
  %r = mlopt.quantize %x, %s, %z {to = ui8, mlopt.hero_op} : (tensor<7x64xf32>, tensor<f32>, tensor<ui8>) -> tensor<7x64xui8>
  mlopt.yield %r : tensor<7x64xui8>
}

// ALL-LABEL: requantize:
// V4: vcvtdq2ps
// V4-NEXT: vmulps
// V4-NEXT: vmaxps
// V4-NEXT: vminps
// V4-NEXT: vaddps
// V4-NEXT: vpmovdb %zmm{{[0-9]+}}, (
// V3: vcvtdq2ps
// V3-NEXT: vmulps
// V3-NEXT: vmaxps
// V2: cvtdq2ps
// V2: maxps
// ALL-NOT: cvttss
// ALL: ret
mlopt.kernel @requantize(%x: tensor<?x64xi32>, %m: tensor<64xf32>) -> tensor<?x64xi8> attributes {hero = #mlopt.hero<elementwise>, dims = [["n", 64], [64], ["n", 64]]} {
  %n = mlopt.none : none
  %one = mlopt.constant dense<1.0> : tensor<f32>
  %1 = mlopt.cast %x {to = f32} : (tensor<?x64xi32>) -> tensor<?x64xf32>
  %2 = mlopt.mul %1, %m : (tensor<?x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %3 = mlopt.quantize %2, %one, %n {to = i8, mlopt.hero_op} : (tensor<?x64xf32>, tensor<f32>, none) -> tensor<?x64xi8>
  mlopt.yield %3 : tensor<?x64xi8>
}

// ALL-LABEL: dq:
// V4: vpmovzxbd ({{.*}}), %zmm
// V4-NEXT: vpaddd
// V4-NEXT: vcvtdq2ps
// V4-NEXT: vmulps
// V4-NEXT: vmovups %zmm
// V3: vpmovzxbd ({{.*}}), %ymm
// V3: vcvtdq2ps
// V3-NEXT: vmulps
// V2: pmovzxbd ({{.*}}), %xmm
// V2: cvtdq2ps
// V2-NEXT: mulps
// ALL: ret
mlopt.kernel @dq(%x: tensor<7x64xui8>) -> tensor<7x64xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[7, 64], [7, 64]]} {
  %s = mlopt.constant dense<0.0125> : tensor<f32>
  %z = mlopt.constant dense<131> : tensor<ui8>
  %r = mlopt.dequantize %x, %s, %z {mlopt.hero_op} : (tensor<7x64xui8>, tensor<f32>, tensor<ui8>) -> tensor<7x64xf32>
  mlopt.yield %r : tensor<7x64xf32>
}

// Scale and zero point of the run are read, and the limits found, ahead of the loop.
// ALL-LABEL: q_run:
// V4: vdivps %zmm
// V4-NEXT: vmaxps %zmm
// V4-NEXT: vminps %zmm
// V4-NEXT: vaddps %zmm
// V4-NEXT: vpmovdb
// V4-NEXT: vpaddb
// V3: vdivps %ymm
// V3-NEXT: vmaxps %ymm
// V3-NEXT: vminps %ymm
// V3-NEXT: vaddps %ymm
// V3: vpaddb
// V2: divps
// V2-NEXT: maxps
// V2: minps
// V2: addps
// ALL: ret
mlopt.kernel @q_run(%x: tensor<7x64xf32>, %s: tensor<f32>, %z: tensor<ui8>) -> tensor<7x64xui8> attributes {hero = #mlopt.hero<elementwise>, dims = [[7, 64], [], [], [7, 64]]} {
  %r = mlopt.quantize %x, %s, %z {to = ui8, mlopt.hero_op} : (tensor<7x64xf32>, tensor<f32>, tensor<ui8>) -> tensor<7x64xui8>
  mlopt.yield %r : tensor<7x64xui8>
}

// ALL-LABEL: dq_run:
// V4: vpmovzxbd (%rdi{{.*}}), %zmm
// V4-NEXT: vpsubd
// V4-NEXT: vcvtdq2ps
// V4-NEXT: vmulps %zmm
// V4-NEXT: vmovups %zmm
// V3: vpmovzxbd (%rdi{{.*}}), %ymm
// V3-NEXT: vpsubd
// V3-NEXT: vcvtdq2ps
// V3-NEXT: vmulps %ymm
// V2: pmovzxbd (%rdi{{.*}}), %xmm
// V2-NEXT: psubd
// V2-NEXT: cvtdq2ps
// V2-NEXT: mulps
// ALL: ret
mlopt.kernel @dq_run(%x: tensor<7x64xui8>, %s: tensor<f32>, %z: tensor<ui8>) -> tensor<7x64xf32> attributes {hero = #mlopt.hero<elementwise>, dims = [[7, 64], [], [], [7, 64]]} {
  %r = mlopt.dequantize %x, %s, %z {mlopt.hero_op} : (tensor<7x64xui8>, tensor<f32>, tensor<ui8>) -> tensor<7x64xf32>
  mlopt.yield %r : tensor<7x64xf32>
}
