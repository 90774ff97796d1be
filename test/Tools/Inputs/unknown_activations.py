"""unknown_activations.py: a module whose kernels are all refused when code is generated."""

print('func.func @main(%x: tensor<2x1x3xf32> {mlopt.name = "x"}) -> (', end="")
sizes = [4, 5, 6, 7, 8, 9]
print(", ".join(f'tensor<1x1x{h}xf32> {{mlopt.name = "y{h}"}}' for h in sizes) + ") {")
print("  %none = mlopt.none : none")
for h in sizes:
    for name, columns in (("w", 3), ("r", h)):
        kind = f"tensor<1x{h}x{columns}xf32>"
        print(f"  %{name}{h} = mlopt.constant dense<0.5> : {kind}")
    print(
        f"  %y{h}:2 = mlopt.rnn %x, %w{h}, %r{h}, %none, %none, %none {{direction = "
        f"#mlopt<direction forward>, hidden_size = {h} : i64, activations = [\"Odd{h}\"], "
        f"activation_alpha = array<f64>, activation_beta = array<f64>}} : (tensor<2x1x3xf32>, "
        f"tensor<1x{h}x3xf32>, tensor<1x{h}x{h}xf32>, none, none, none) -> "
        f"(tensor<2x1x1x{h}xf32>, tensor<1x1x{h}xf32>) loc(\"layer{h}\")"
    )
print("  return " + ", ".join(f"%y{h}#1" for h in sizes), end=" : ")
print(", ".join(f"tensor<1x1x{h}xf32>" for h in sizes) + "\n}")
