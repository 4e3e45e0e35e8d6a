import SwiftUI

/// A pad for finger or Pencil, and what the network makes of the drawing.
struct DrawingView: View {
    @ObservedObject var session: Session
    let box: Int
    @State private var strokes: [[CGPoint]] = []
    @State private var values: [Float] = []

    var body: some View {
        NavigationStack {
            ViewThatFits(in: .horizontal) {
                HStack(spacing: 24) {
                    pad.frame(minWidth: 360)
                    ClassBars(values: values).frame(minWidth: 280)
                }
                VStack(spacing: 16) {
                    pad
                    ClassBars(values: values)
                }
            }
            .padding()
            .navigationTitle("Draw")
            .toolbar {
                Button("Clear") { strokes = [] }
                    .disabled(strokes.isEmpty)
            }
            .task(id: points) { await classify() }
        }
    }

    private var points: Int { strokes.reduce(0) { $0 + $1.count } }

    private var pad: some View {
        GeometryReader { geometry in
            DrawingPad(strokes: $strokes, side: geometry.size.width)
        }
        .aspectRatio(1, contentMode: .fit)
        .frame(maxWidth: 480)
    }

    private func classify() async {
        guard let pixels = DrawnImage.pixels(of: strokes, box: box) else {
            values = []
            return
        }
        if let answer = await session.predict(pixels), !Task.isCancelled {
            values = answer
        }
    }
}

/// White strokes on black. Points are kept from 0 to 1, so that the pad may change its size.
struct DrawingPad: View {
    @Binding var strokes: [[CGPoint]]
    let side: CGFloat

    var body: some View {
        Canvas { context, _ in
            for stroke in strokes {
                context.stroke(path(of: stroke), with: .color(.white), style: style)
            }
        }
        .background(Color.black)
        .clipShape(RoundedRectangle(cornerRadius: 16))
        .overlay(RoundedRectangle(cornerRadius: 16).stroke(Color.secondary.opacity(0.4)))
        .overlay(TouchPad(strokes: $strokes))
        .accessibilityElement(children: .ignore)
        .accessibilityLabel("Drawing pad")
        .accessibilityValue(strokes.isEmpty ? "Empty" : "\(strokes.count) strokes")
        .accessibilityAddTraits(.allowsDirectInteraction)
    }

    private var style: StrokeStyle {
        StrokeStyle(lineWidth: DrawnImage.lineWidth * side, lineCap: .round, lineJoin: .round)
    }

    private func path(of stroke: [CGPoint]) -> Path {
        Path { path in
            guard let first = stroke.first else { return }
            path.move(to: CGPoint(x: first.x * side, y: first.y * side))
            for point in stroke {
                path.addLine(to: CGPoint(x: point.x * side, y: point.y * side))
            }
        }
    }
}
