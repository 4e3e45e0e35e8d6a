import SwiftUI

/// One bar for each class.
struct ClassBars: View {
    /// In the order of the labels; empty where there is nothing to show.
    let values: [Float]

    var body: some View {
        ScrollView {
            VStack(spacing: 10) {
                ForEach(Array(NetworkSettings.labels.enumerated()), id: \.offset) { index, label in
                    row(label, value: values.indices.contains(index) ? Double(values[index]) : nil)
                }
            }
        }
    }

    private func row(_ label: String, value: Double?) -> some View {
        HStack {
            Text(label)
                .font(.headline)
                .frame(minWidth: 32, alignment: .leading)
            ProgressView(value: min(max(value ?? 0, 0), 1))
            Text(value.map { $0.formatted(.number.precision(.fractionLength(3))) } ?? "")
                .monospacedDigit()
                .frame(minWidth: 56, alignment: .trailing)
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel("Class \(label)")
        .accessibilityValue(value.map { $0.formatted(.number.precision(.fractionLength(3))) } ?? "Nothing is drawn")
    }
}
