"""The style sheet of the window; a name after ``$`` is a color of `digitus.palette.Palette`.

Focus is shown by a border in the accent color. What is chosen also differs in shape: a raised
segment, a tick or bold text.
"""

from string import Template

STYLE_SHEET = Template("""
QMainWindow, QDialog { background: $window; }
QDialog { border: 1px solid $line; }
QLabel { background: transparent; }
QLabel[quiet="true"] { color: $muted; }
QLabel[heading="true"] { font-size: 13pt; font-weight: 600; }
QLabel[bad="true"] { color: $contrast; font-weight: 600; }
QLabel[answer="true"] { color: $accent; }
QFrame[card="true"] { background: $card; border: 1px solid $line; border-radius: 14px; }

QMenuBar { background: $window; padding: 3px 10px; }
QMenuBar::item { padding: 5px 10px; border-radius: 7px; background: transparent; }
QMenuBar::item:selected { background: $track; }
QMenu { background: $card; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 7px 28px 7px 14px; border-radius: 7px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 6px 8px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 8px; }
QToolTip { background: $ink; color: $window; border: 1px solid $ink; padding: 5px 8px; }

QToolButton, QPushButton {
    background: $card; border: 1px solid $line; border-radius: 9px; padding: 6px 12px;
}
QToolButton { padding: 6px; }
QToolButton:hover, QPushButton:hover { background: $track; }
QToolButton:pressed, QPushButton:pressed { background: $line; }
QToolButton:focus, QPushButton:focus { border: 2px solid $accent; padding: 5px; }
QPushButton:focus { padding: 5px 11px; }
QToolButton:checked { background: $track; border-color: $muted; }
QPushButton:disabled, QToolButton:disabled { color: $muted; background: transparent; }
QPushButton:default, QToolButton[main="true"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton:default:disabled { background: $track; color: $muted; border-color: $line; }
QToolButton[main="true"]:focus { border: 2px solid $ink; padding: 5px; }
QToolButton[chip="true"] { padding: 6px 26px 6px 12px; }
QToolButton[chip="true"]:focus { padding: 5px 25px 5px 11px; }
QToolButton::menu-indicator { subcontrol-position: right center; right: 9px; }

QFrame[segments="true"] { background: $track; border: none; border-radius: 11px; }
QFrame[segments="true"] QToolButton {
    background: transparent; border: 2px solid transparent; padding: 5px 12px; color: $muted;
}
QFrame[segments="true"] QToolButton:hover { color: $ink; }
QFrame[segments="true"] QToolButton:checked {
    background: $raised; color: $ink; font-weight: 600; border: 2px solid transparent;
}
QFrame[segments="true"] QToolButton:focus { border: 2px solid $accent; }

QSlider { min-height: 22px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    width: 16px; height: 16px; margin: -7px 0; border-radius: 9px;
    background: $card; border: 2px solid $accent;
}
QSlider::handle:horizontal:hover { background: $accent; }
QSlider:focus { border: 2px solid $accent; border-radius: 8px; }

QLineEdit, QSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $card; border: 1px solid $line; border-radius: 9px; padding: 6px 9px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QSpinBox:focus, QComboBox:focus { border: 2px solid $accent; padding: 5px 8px; }
QComboBox::drop-down { border: none; width: 22px; }
QCheckBox { spacing: 8px; padding: 3px; border: 2px solid transparent; border-radius: 7px; }
QCheckBox:focus { border: 2px solid $accent; }
QCheckBox::indicator {
    width: 14px; height: 14px; border: 2px solid $muted; border-radius: 5px; background: $card;
}
QCheckBox::indicator:checked { background: $accent; border-color: $accent; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QAbstractItemView {
    background: $card; border: 1px solid $line; border-radius: 10px; outline: none;
    selection-background-color: $accent; selection-color: $on_accent;
}
QTableView {
    background: $card; border: none; border-radius: 0; gridline-color: $track;
    selection-background-color: $accent;
}
QLineEdit[in_cell="true"] { border: 2px solid $accent; border-radius: 0; padding: 0 8px; }
QHeaderView::section { background: $card; color: $muted; border: none; padding: 6px; }
QProgressBar {
    background: $track; border: none; border-radius: 6px; text-align: center; min-height: 14px;
}
QProgressBar::chunk { background: $accent; border-radius: 6px; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { width: 10px; background: transparent; margin: 2px; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 2px; }
QScrollBar::handle { background: $line; border-radius: 3px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }
""")
