from crawler.cms.article import read_attachments

UCAP = "http://www.mulan.gov.cn/hebmlx/c111204/202301/c01_591175.shtml"
HANWEB = "http://xxgk.harbin.gov.cn/art/2023/1/20/art_11581_3.html"
TABLE = "<table>" + "<tr><td>0</td><td>0</td></tr>" * 20 + "</table>"


def urls(body, url, cms):
    return [file.url for file in read_attachments(body.encode(), url, cms)]


def test_ucap_files_stand_in_the_text_and_in_the_block_of_attachments():
    body = f"""<div class="side"><a href="/files/unrelated.pdf">x</a></div><UCAPCONTENT><div id="zoomcon">{TABLE}
    <p class="insertfileTag"><a href="591175/files/3e3f96.pdf">报告.pdf</a></p></div></UCAPCONTENT>
    <div id="cmspro_appendixs"><a href="/hebmlx/c111204/202301/591175/files/报告.docx">报告.docx</a></div>"""
    assert urls(body, UCAP, "ucap") == [
        "http://www.mulan.gov.cn/hebmlx/c111204/202301/591175/files/3e3f96.pdf",
        "http://www.mulan.gov.cn/hebmlx/c111204/202301/591175/files/报告.docx",
    ]


def test_hanweb_files_come_from_both_download_endpoints():
    body = f"""<div class="bt_content">{TABLE}<a href="/module/download/downfile.jsp?classid=0&amp;filename=ab12.docx&amp;showname=%E6%8A%A5">
    <img src="/module/jslib/icons/word.png"/>报告.docx</a><a href="/module/download/down.jsp?i_ID=205552&colID=11581">附件</a>
    <a href="/attach/0/0123456789abcdef.pdf">报告</a><a href="/col/col98/index.html">栏目</a></div>"""
    assert urls(body, HANWEB, "hanweb") == [
        "http://xxgk.harbin.gov.cn/module/download/downfile.jsp?classid=0&filename=ab12.docx&showname=%E6%8A%A5",
        "http://xxgk.harbin.gov.cn/module/download/down.jsp?i_ID=205552&colID=11581",
        "http://xxgk.harbin.gov.cn/attach/0/0123456789abcdef.pdf",
    ]


def test_pictures_are_fetched_where_the_text_has_no_table():
    body = (
        '<div class="bt_content"><p>见图</p><img src="/picture/0/12.jpg"><img src="/module/jslib/icons/word.png"></div>'
    )
    assert urls(body, HANWEB, "hanweb") == ["http://xxgk.harbin.gov.cn/picture/0/12.jpg"]


def test_pictures_beside_a_table_are_left_alone():
    assert urls(f'<div class="bt_content">{TABLE}<img src="/picture/0/12.jpg"></div>', HANWEB, "hanweb") == []


def test_a_page_without_a_known_body_is_searched_whole_for_files_but_not_pictures():
    body = '<div class="unknown"><a href="591175/files/a.pdf">附件</a><img src="/logo2.png"></div>'
    assert urls(body, UCAP, "ucap") == ["http://www.mulan.gov.cn/hebmlx/c111204/202301/591175/files/a.pdf"]


def test_odd_links_are_no_files():
    body = '<div id="zoom"><a href="mailto:a@b.pdf">x</a><a href="javascript:down(1).pdf">y</a><a href="#a.pdf">z</a></div>'
    assert urls(body, UCAP, "ucap") == []


def test_nothing_is_found_in_an_empty_page():
    assert urls("", UCAP, "ucap") == []
