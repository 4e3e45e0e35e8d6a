import SwiftUI

/// The numbers of the training that the model lets the device choose.
struct SettingsSection: View {
    @ObservedObject var session: Session

    var body: some View {
        Section("Settings") {
            ForEach(NetworkSettings.hyperparameters) { parameter in
                HyperparameterField(parameter: parameter, value: binding(parameter))
            }
        }
        .disabled(session.activity != .idle)
    }

    private func binding(_ parameter: Hyperparameter) -> Binding<Double> {
        Binding(
            get: { session.value(of: parameter) },
            set: { session.set($0, of: parameter) }
        )
    }
}

/// One number: a choice where the model allows single values, else a field and, for whole numbers, a stepper.
struct HyperparameterField: View {
    let parameter: Hyperparameter
    @Binding var value: Double

    var body: some View {
        switch parameter.allowed {
        case .values(let values):
            Picker(parameter.label, selection: $value) {
                ForEach(values, id: \.self) { number in
                    Text(number.formatted(format)).tag(number)
                }
            }
        case .any, .range:
            LabeledContent(parameter.label) {
                HStack {
                    TextField(parameter.label, value: $value, format: format)
                        .keyboardType(.decimalPad)
                        .multilineTextAlignment(.trailing)
                        .monospacedDigit()
                        .accessibilityLabel(parameter.label)
                    if parameter.isWholeNumber {
                        Stepper(parameter.label, value: $value, step: 1)
                            .labelsHidden()
                    }
                }
            }
        }
    }

    private var format: FloatingPointFormatStyle<Double> {
        FloatingPointFormatStyle<Double>().precision(.significantDigits(1 ... 10)).grouping(.never)
    }
}
