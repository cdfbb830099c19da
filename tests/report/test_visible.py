from diagnose.report import visible


def test_control_bidi_and_zero_width_characters_are_named():
    assert visible.line("a\u202eb\u200bc\x00d") == "a⟦U+202E⟧b⟦U+200B⟧c⟦U+0000⟧d"


def test_a_run_of_one_invisible_character_is_counted():
    assert visible.line("\x00" * 200) == "⟦U+0000 times 200⟧"


def test_colours_titles_and_hyperlinks_of_a_terminal_are_gone():
    assert (
        visible.line("\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07 \x1b]0;t\x1b\\.")
        == "red link ."
    )


def test_a_sequence_that_never_ends_hides_nothing():
    assert visible.line("\x1b]0;evidence") == "⟦U+001B⟧]0;evidence"


def test_a_sequence_within_a_sequence_leaves_no_escape_behind():
    assert "\x1b" not in visible.line("\x1b[\x1b[0m31m\x1b\x1b[0m[31m")


def test_ordinary_words_of_any_script_stay_as_they_are():
    text = "loss=0.1 ⚠ ✔ مرحبا 训练 naïve 100 %"
    assert visible.line(text) == text


def test_the_selector_of_a_coloured_symbol_is_not_worth_a_mention():
    assert visible.line("⚠\ufe0f low disk") == "⚠ low disk"


def test_a_selector_that_could_carry_data_is_named():
    assert visible.line("a\ufe0f") == "a⟦U+FE0F⟧"


def test_a_tab_is_spaces():
    assert visible.line("a\tb") == "a    b"


def test_a_long_line_keeps_both_ends_and_says_what_is_left_out():
    line = visible.line("a" * 500 + "z" * 500, 90)
    assert line == "a" * 60 + " ⟦… 910 characters …⟧ " + "z" * 30


def test_a_name_is_cut_at_its_end():
    assert visible.line("abcdefghijklmnop", 12) == "abcdefghijk…"


def test_however_long_the_text_the_line_is_bounded():
    assert (
        max(len(visible.line(text, 300)) for text in ("x" * 10**6, "\x00\x01" * 10**6, "\x00\x01" * 149))
        <= 640
    )


def test_prose_is_one_line():
    assert visible.prose("It failed.\n\n  Then it\twent on.") == "It failed. Then it went on."


def test_a_block_keeps_its_lines_and_their_indentation():
    assert visible.block("if x:\n    y()\n") == "if x:\n    y()"


def test_a_block_is_bounded_in_lines():
    assert visible.block("a\n" * 100, lines=2) == "a\na\n⟦… more lines …⟧"


def test_no_pipeline_finds_a_command():
    said = visible.obeyed_by_none("##vso[x] ##[error]y ##VSO[z]\n  ::set-output name=a::b\n::error::c")
    assert said == "⟦##⟧vso[x] ⟦##⟧[error]y ⟦##⟧VSO[z]\n  ⟦::⟧set-output name=a::b\n⟦::⟧error::c"


def test_what_is_no_command_is_left_alone():
    text = "## Heading, std::vector and a[::2] ## [x]"
    assert visible.obeyed_by_none(text) == text


def test_making_harmless_twice_changes_nothing_more():
    once = visible.obeyed_by_none("##vso[x] ::a::")
    assert visible.obeyed_by_none(once) == once
