import Charts
import SwiftUI

/// Loss over epochs: a thin line through batches, a thick one through whole epochs.
struct LossChart: View {
    let curve: LossCurve

    var body: some View {
        Chart {
            ForEach(curve.batches) { point in
                LineMark(
                    x: .value("Epoch", point.time),
                    y: .value("Loss", point.loss),
                    series: .value("Kind", "Batches")
                )
                .foregroundStyle(.secondary)
                .lineStyle(StrokeStyle(lineWidth: 1))
            }
            ForEach(curve.epochs) { point in
                LineMark(
                    x: .value("Epoch", point.time),
                    y: .value("Loss", point.loss),
                    series: .value("Kind", "Epochs")
                )
                .foregroundStyle(Color.accentColor)
                PointMark(x: .value("Epoch", point.time), y: .value("Loss", point.loss))
                    .foregroundStyle(Color.accentColor)
            }
        }
        .chartXAxisLabel("Epochs")
        .chartYAxisLabel("Loss")
        .frame(height: 220)
        .accessibilityElement(children: .ignore)
        .accessibilityLabel("Loss over epochs")
        .accessibilityValue(spoken)
    }

    private var spoken: String {
        guard let last = curve.epochs.last else { return "No epoch is over yet." }
        return "\(curve.epochs.count) epochs, the last loss is \(last.loss.formatted(.number.precision(.fractionLength(4))))."
    }
}
