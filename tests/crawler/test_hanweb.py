"""The readers of the Hanweb system, on the shapes its servers were seen to send."""

import pytest

from crawler.cms import hanweb
from crawler.errors import UnreadableListingError
from crawler.portals import Column

PAGE = "http://xxgk.harbin.gov.cn/col/col11581/index.html?number=02"
FRAGMENT = """<table class="tb_list" width="100%">
<tr><td class="tb_title0">序号</td><td>标题</td><td>发布日期</td></tr>
<tr class="tr_main_value_odd"><td>1</td><td><a title="甲局2022年政府信息公开工作年度报告" mc="x" rq="2023-01-20"
 href="http://xxgk.harbin.gov.cn/art/2023/1/20/art_11581_3.html">甲局2022年...</a></td><td>2023-01-20</td></tr>
<tr class="tr_main_value_even"><td>2</td><td><a title="乙局2022年政府信息公开工作年度报告"
 href="/art/2023/1/19/art_11581_2.html">乙局</a></td><td>2023-1-19</td></tr>
<tr class="tr_main_value_odd"><td>3</td><td><a title="科技局2019-2020项目通知"
 href="http://xxgk.harbin.gov.cn/art/2020/2/5/art_11565_976905.html">通知</a></td><td>2020-02-05</td></tr>
<tr class="tr_main_value_even"><td>4</td><td><a title="丙局2021年政府信息公开工作年度报告" href="javascript:void(0)">丙局</a></td>
<td>2022-01-19</td></tr>
<tr class="tr_main_value_odd"><td></td><td><a title="更多数据" href="/col/col4963/index.html">更多数据</a></td><td></td></tr>
</table><table><tr><td class="tb_title" align="right">&nbsp;&nbsp;共7页&nbsp;&nbsp;<a href="javascript:goPage(2)">下一页</a>
<a href="javascript:goPage(7)">尾 页</a></td></tr></table>"""


def test_search_rows_come_in_the_order_of_the_page_without_header_and_more_row():
    listing = hanweb.read_search(FRAGMENT.encode(), PAGE, "11581")
    assert [item.title for item in listing.items] == [
        "甲局2022年政府信息公开工作年度报告",
        "乙局2022年政府信息公开工作年度报告",
        "科技局2019-2020项目通知",
        "丙局2021年政府信息公开工作年度报告",
    ]
    assert [item.date for item in listing.items] == ["2023-01-20", "2023-01-19", "2020-02-05", "2022-01-19"]
    assert listing.pages == 7
    assert listing.signal == "table skin"


def test_search_addresses_are_absolute_and_dead_links_have_none():
    items = hanweb.read_search(FRAGMENT.encode(), PAGE, "11581").items
    assert items[1].url == "http://xxgk.harbin.gov.cn/art/2023/1/19/art_11581_2.html"
    assert items[3].url is None


def test_rows_of_other_columns_are_told_by_their_address():
    items = hanweb.read_search(FRAGMENT.encode(), PAGE, "11581").items
    assert [item.own_column for item in items] == [True, True, False, True]


def test_a_gb18030_fragment_reads_the_same():
    assert hanweb.read_search(FRAGMENT.encode("gb18030"), PAGE, "11581") == hanweb.read_search(
        FRAGMENT.encode(), PAGE, "11581"
    )


def test_pages_are_taken_from_the_last_page_link_when_the_text_is_silent():
    fragment = FRAGMENT.replace("共7页", "")
    assert hanweb.read_search(fragment.encode(), PAGE, "11581").pages == 7


def test_the_newer_skin_is_read_too():
    fragment = """<div class="zfxxgk_list_con"><ul><li><a href="/art/2022/1/1/art_11581_9.html"
      title="丁局2021年政府信息公开工作年度报告">丁局</a><span>2022-01-01</span></li></ul></div><div>共1页</div>"""
    listing = hanweb.read_search(fragment.encode(), PAGE, "11581")
    assert (listing.signal, listing.pages, listing.items[0].date) == ("standardXxgk skin", 1, "2022-01-01")


def test_unknown_markup_with_article_addresses_is_still_read():
    fragment = '<section><p><a href="/art/2022/1/1/art_11581_9.html">丁局2021年年报</a> 2022-01-03</p></section>'
    listing = hanweb.read_search(fragment.encode(), PAGE, "11581")
    assert (listing.signal, listing.items[0].date) == ("article addresses", "2022-01-03")


def test_an_empty_list_is_a_list():
    listing = hanweb.read_search(b'<table class="tb_list"><tr><td>\xe6\xa0\x87</td></tr></table>', PAGE, "11581")
    assert listing.items == ()


@pytest.mark.parametrize("body", [b"", b"   ", '<div id="app-root"><section><h5>某</h5></section></div>'.encode()])
def test_markup_without_any_list_is_an_error(body):
    with pytest.raises(UnreadableListingError):
        hanweb.read_search(body, PAGE, "11581")


def test_the_search_request_is_the_portals_own():
    column = Column("xxgk", "11565", web_id="2", area="002276772")
    path, form = hanweb.search_request(column, "", 1)
    assert path == "/module/xxgk/search.jsp?infotypeId=&vc_title=&vc_number=&area=002276772"
    assert form == (
        b"infotypeId=0&jdid=2&divid=div11565&vc_title=&vc_number=&currpage=&vc_filenumber=&vc_all=&texttype=&fbtime="
        b"&infotypeId=&vc_title=&vc_number=&area=002276772"
    )
    assert b"&currpage=3&" in hanweb.search_request(column, "", 3)[1]


@pytest.mark.parametrize("quote", ["'", "\\'"])
def test_tree_nodes_are_read_with_plain_and_escaped_quotes(quote):
    nodes = [("01", "政府信息公开指南"), ("02", "政府信息公开年报"), ("0201", "2021年"), ("03", "规范性文件")]
    script = "".join(
        f'd.add(1,0,"<a href=# onclick=\\"funclick({quote}{code}{quote},{quote}{name}{quote})\\">{name}(57)</a>");'
        for code, name in nodes
    )
    tree = hanweb.read_tree(script.encode())
    assert [(node.code, node.name) for node in tree] == nodes
    assert [node.code for node in hanweb.report_nodes(tree, "")] == ["02", "0201"]
    assert [node.code for node in hanweb.report_nodes(tree, "03")] == ["02", "0201", "03"]


DATASTORE = """<datastore><totalrecord>6163</totalrecord><totalpage>309</totalpage>
<nextgroup><![CDATA[<a href="./dataproxy.jsp?page=5&appid=1"></a>]]></nextgroup><recordset>
<record><![CDATA[<li><a href="/art/2023/1/5/art_98_11.html" target="_blank" title="完整的标题">完整...</a><span>2023-01-05</span></li>]]></record>
<record><![CDATA[<li><li style=<br/><a href="http://www.harbin.gov.cn/art/2023/1/4/art_98_10.html" title="第二个">第...</a><span>[2023-01-04]</span></li>]]></record>
<record><![CDATA[<li><a href="/art/2023/1/5/art_98_11.html" title="完整的标题">完整</a><span>2023-01-05</span></li>]]></record>
</recordset></datastore>"""


def test_dataproxy_records_are_read_once_each_from_their_title_attribute():
    listing = hanweb.read_dataproxy(DATASTORE.encode(), "http://www.harbin.gov.cn/col/col98/index.html", "98")
    assert [(item.title, item.url, item.date) for item in listing.items] == [
        ("完整的标题", "http://www.harbin.gov.cn/art/2023/1/5/art_98_11.html", "2023-01-05"),
        ("第二个", "http://www.harbin.gov.cn/art/2023/1/4/art_98_10.html", "2023-01-04"),
    ]
    assert (listing.total, listing.pages) == (6163, 309)


def test_a_page_instead_of_the_dataproxy_xml_is_an_error():
    with pytest.raises(UnreadableListingError, match="<datastore>"):
        hanweb.read_dataproxy(b"<html>login</html>", PAGE, "98")


def test_an_empty_datastore_is_a_list():
    body = b"<datastore><totalrecord>0</totalrecord><totalpage>0</totalpage></datastore>"
    assert hanweb.read_dataproxy(body, PAGE, "98").total == 0


def test_a_column_page_tells_how_its_list_is_asked_for():
    body = """<iframe src="/module/xxgk/tree.jsp?area=002276772&amp;divid=div11581"></iframe>
    <script>function f(a,b){loadDynamic('/module/xxgk/search.jsp?infotypeId='+a+'&vc_title=&vc_number=&area=002276772',
    'div11581', '02', '', '', '2');}</script>"""
    page = hanweb.read_column_page(body.encode(), PAGE, "11581")
    assert page.tree == "http://xxgk.harbin.gov.cn/module/xxgk/tree.jsp?area=002276772&divid=div11581"
    assert (page.web_id, page.area) == ("2", "002276772")


def test_a_column_page_shows_its_first_entries_in_a_script():
    body = f"""<div class="default_pgContainer"></div><script type="text/xml">{DATASTORE}</script>
    <script>$('#98').dataproxy({{columnid:98,unitid:517,webid:1,webname:'哈尔滨市人民政府',totalRecord:6163}})</script>"""
    page = hanweb.read_column_page(body.encode(), "http://www.harbin.gov.cn/col/col98/index.html", "98")
    assert (page.unit_id, page.web_id, page.web_name) == ("517", "1", "哈尔滨市人民政府")
    assert (len(page.listing.items), page.listing.total) == (2, 6163)


def test_a_column_page_without_script_shows_its_list():
    body = """<div class="default_pgContainer"><ul><li><a href="/art/2022/11/20/art_98_1.html" title="全名">名</a>
    <span>[2022-11-20]</span></li></ul></div>"""
    listing = hanweb.read_column_page(body.encode(), "http://www.harbin.gov.cn/col/col98/index.html", "98").listing
    assert [(item.title, item.date) for item in listing.items] == [("全名", "2022-11-20")]


def test_a_column_page_without_an_area_asks_for_every_publisher():
    body = """<iframe src="/module/xxgk/tree.jsp?area=&amp;divid=div11581"></iframe>
    <script>function funclick(a,b){loadDynamic('/module/xxgk/search.jsp?infotypeId='+a+'&vc_title=&vc_number=&area=',
    'div11581', '02', '', '', '2');}</script>"""
    page = hanweb.read_column_page(body.encode(), PAGE, "11581")
    assert (page.area, page.infotype, page.web_id) == ("", "02", "2")
