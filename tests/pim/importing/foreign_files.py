"""Small files of other systems, made by hand."""

BMECAT_12 = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE BMECAT SYSTEM "bmecat_new_catalog_1_2.dtd">
<BMECAT version="1.2" xmlns="http://www.bmecat.org/bmecat/1.2/bmecat_new_catalog">
 <HEADER><CATALOG><LANGUAGE>deu</LANGUAGE><CATALOG_ID>H1</CATALOG_ID>
  <CATALOG_VERSION>001.000</CATALOG_VERSION><CURRENCY>EUR</CURRENCY></CATALOG>
  <SUPPLIER><SUPPLIER_NAME>Halla GmbH</SUPPLIER_NAME></SUPPLIER></HEADER>
 <T_NEW_CATALOG>
  <CATALOG_GROUP_SYSTEM>
   <CATALOG_STRUCTURE type="root"><GROUP_ID>1</GROUP_ID><GROUP_NAME>Katalog</GROUP_NAME>
    <PARENT_ID>0</PARENT_ID></CATALOG_STRUCTURE>
   <CATALOG_STRUCTURE type="leaf"><GROUP_ID>2</GROUP_ID><GROUP_NAME>Töpfe</GROUP_NAME>
    <PARENT_ID>1</PARENT_ID></CATALOG_STRUCTURE>
  </CATALOG_GROUP_SYSTEM>
  <ARTICLE mode="new"><SUPPLIER_AID>T-1</SUPPLIER_AID>
   <ARTICLE_DETAILS><DESCRIPTION_SHORT>Topf 24 cm</DESCRIPTION_SHORT>
    <DESCRIPTION_LONG>Schwerer Topf für große Mengen</DESCRIPTION_LONG><EAN>4006381333931</EAN>
    <MANUFACTURER_AID>HT1</MANUFACTURER_AID><MANUFACTURER_NAME>Halla</MANUFACTURER_NAME>
    <KEYWORD>Topf</KEYWORD><KEYWORD>Küche</KEYWORD></ARTICLE_DETAILS>
   <ARTICLE_FEATURES><REFERENCE_FEATURE_SYSTEM_NAME>ECLASS-5.1</REFERENCE_FEATURE_SYSTEM_NAME>
    <REFERENCE_FEATURE_GROUP_ID>24-30</REFERENCE_FEATURE_GROUP_ID>
    <FEATURE><FNAME>Inhalt</FNAME><FVALUE>5,5</FVALUE><FUNIT>LTR</FUNIT></FEATURE>
    <FEATURE><FNAME>Farbe</FNAME><FVALUE>schwarz</FVALUE></FEATURE>
    <FEATURE><FNAME>Spülmaschine</FNAME><FVALUE>ja</FVALUE></FEATURE>
    <FEATURE><FNAME>Lagen</FNAME><FVALUE>3</FVALUE></FEATURE></ARTICLE_FEATURES>
   <ARTICLE_ORDER_DETAILS><ORDER_UNIT>C62</ORDER_UNIT><PRICE_QUANTITY>10</PRICE_QUANTITY>
    </ARTICLE_ORDER_DETAILS>
   <ARTICLE_PRICE_DETAILS><DATETIME type="valid_start_date"><DATE>2026-01-01</DATE></DATETIME>
    <ARTICLE_PRICE price_type="net_list"><PRICE_AMOUNT>1.250,00</PRICE_AMOUNT>
     <PRICE_CURRENCY>EUR</PRICE_CURRENCY><LOWER_BOUND>1</LOWER_BOUND></ARTICLE_PRICE>
    <ARTICLE_PRICE price_type="net_list"><PRICE_AMOUNT>1100</PRICE_AMOUNT>
     <PRICE_CURRENCY>EUR</PRICE_CURRENCY><LOWER_BOUND>10</LOWER_BOUND></ARTICLE_PRICE>
   </ARTICLE_PRICE_DETAILS>
   <MIME_INFO><MIME><MIME_TYPE>image/jpeg</MIME_TYPE><MIME_SOURCE>a.jpg</MIME_SOURCE>
     <MIME_PURPOSE>normal</MIME_PURPOSE></MIME>
    <MIME><MIME_TYPE>image/jpeg</MIME_TYPE><MIME_SOURCE>klein.jpg</MIME_SOURCE>
     <MIME_PURPOSE>thumbnail</MIME_PURPOSE></MIME></MIME_INFO>
   <USER_DEFINED_EXTENSIONS><UDX.HALLA.SERIE>Kallio</UDX.HALLA.SERIE></USER_DEFINED_EXTENSIONS>
   <ARTICLE_REFERENCE type="accessories"><ART_ID_TO>T-2</ART_ID_TO></ARTICLE_REFERENCE>
  </ARTICLE>
  <ARTICLE><SUPPLIER_AID>T-2</SUPPLIER_AID>
   <ARTICLE_DETAILS><DESCRIPTION_SHORT>Deckel</DESCRIPTION_SHORT></ARTICLE_DETAILS>
   <ARTICLE_FEATURES><REFERENCE_FEATURE_SYSTEM_NAME>ECLASS-6.0</REFERENCE_FEATURE_SYSTEM_NAME>
    <REFERENCE_FEATURE_GROUP_ID>24-30</REFERENCE_FEATURE_GROUP_ID>
    <FEATURE><FNAME>Farbe</FNAME><FVALUE>schwarz</FVALUE></FEATURE>
    <FEATURE><FNAME>Spülmaschine</FNAME><FVALUE>nein</FVALUE></FEATURE></ARTICLE_FEATURES>
  </ARTICLE>
  <ARTICLE_TO_CATALOGGROUP_MAP><ART_ID>T-1</ART_ID><CATALOG_GROUP_ID>2</CATALOG_GROUP_ID>
  </ARTICLE_TO_CATALOGGROUP_MAP>
 </T_NEW_CATALOG>
</BMECAT>
""".encode("iso-8859-1")

BMECAT_2005 = b"""<?xml version="1.0" encoding="UTF-8"?>
<b:BMECAT xmlns:b="https://www.etim-international.com/bmecat/50" version="2005">
 <b:HEADER><b:CATALOG><b:LANGUAGE default="true">eng</b:LANGUAGE><b:CATALOG_ID>1</b:CATALOG_ID>
  <b:CURRENCY>EUR</b:CURRENCY><b:MIME_ROOT>https://media.example/p</b:MIME_ROOT></b:CATALOG>
 </b:HEADER>
 <b:T_NEW_CATALOG>
  <b:PRODUCT mode="new"><b:SUPPLIER_PID>L-1</b:SUPPLIER_PID>
   <b:PRODUCT_DETAILS><b:DESCRIPTION_SHORT lang="eng">Lamp</b:DESCRIPTION_SHORT>
    <b:DESCRIPTION_SHORT lang="deu">Lampe</b:DESCRIPTION_SHORT>
    <b:INTERNATIONAL_PID type="gtin">4006381333931</b:INTERNATIONAL_PID>
    <b:MANUFACTURER_PID>X</b:MANUFACTURER_PID></b:PRODUCT_DETAILS>
   <b:PRODUCT_FEATURES>
    <b:REFERENCE_FEATURE_SYSTEM_NAME>ETIM-10.0</b:REFERENCE_FEATURE_SYSTEM_NAME>
    <b:REFERENCE_FEATURE_GROUP_ID>EC001744</b:REFERENCE_FEATURE_GROUP_ID>
    <b:FEATURE><b:FNAME>EF000008</b:FNAME><b:FVALUE>120</b:FVALUE><b:FUNIT>MMT</b:FUNIT></b:FEATURE>
    <b:FEATURE><b:FNAME>EF000010</b:FNAME><b:FVALUE>5</b:FVALUE><b:FVALUE>8</b:FVALUE></b:FEATURE>
    <b:FEATURE><b:FNAME>EF000011</b:FNAME><b:FVALUE>-</b:FVALUE>
     <b:FVALUE_DETAILS>NA</b:FVALUE_DETAILS></b:FEATURE>
   </b:PRODUCT_FEATURES>
   <b:MIME_INFO><b:MIME><b:MIME_TYPE>application/pdf</b:MIME_TYPE>
    <b:MIME_SOURCE>a b,c.pdf</b:MIME_SOURCE></b:MIME></b:MIME_INFO>
   <b:PRODUCT_LOGISTIC_DETAILS>
    <b:CUSTOMS_TARIFF_NUMBER><b:CUSTOMS_NUMBER>94051140</b:CUSTOMS_NUMBER></b:CUSTOMS_TARIFF_NUMBER>
    <b:COUNTRY_OF_ORIGIN>FI</b:COUNTRY_OF_ORIGIN>
    <b:PRODUCT_DIMENSIONS><b:VOLUME>0.02</b:VOLUME><b:WEIGHT>1,9</b:WEIGHT><b:LENGTH>0.46</b:LENGTH>
     <b:WIDTH>0</b:WIDTH><b:DEPTH>0.38</b:DEPTH></b:PRODUCT_DIMENSIONS>
   </b:PRODUCT_LOGISTIC_DETAILS>
  </b:PRODUCT>
  <b:PRODUCT mode="delete"><b:SUPPLIER_PID>OLD</b:SUPPLIER_PID></b:PRODUCT>
 </b:T_NEW_CATALOG>
</b:BMECAT>
"""

ICECAT = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ICECAT-interface SYSTEM "https://data.icecat.biz/dtd/ICECAT-interface_response.dtd">
<ICECAT-interface>
 <Product Code="1" ID="77" Prod_id="KT 24" Name="KT24" Title="Halla kettle KT24" Quality="ICECAT"
   HighPic="https://images.example/kt24.jpg" ReleaseDate="2026-02-01">
  <EANCode EAN="4006381333931"/>
  <Category ID="930"><Name ID="1" Value="Electric kettles" langid="1"/></Category>
  <CategoryFeatureGroup ID="5" No="0"><FeatureGroup ID="1"><Name Value="Power" langid="1"/>
   </FeatureGroup></CategoryFeatureGroup>
  <ProductDescription ID="1" langid="1" LongDesc="&lt;b&gt;Fast&lt;/b&gt;\\nand quiet"
    ShortDesc="Kettle" WarrantyInfo="2 years" PDFURL="https://images.example/kt24.pdf"/>
  <ProductFeature ID="1" CategoryFeatureGroup_ID="5" Value="1.7" Presentation_Value="1.7 L">
   <Feature ID="23"><Measure ID="9" Sign="L"/><Name ID="2" Value="Capacity" langid="1"/></Feature>
  </ProductFeature>
  <ProductFeature ID="2" CategoryFeatureGroup_ID="5" Value="Y" Presentation_Value="Yes">
   <Feature ID="24"><Measure ID="0" Sign=""/><Name ID="3" Value="Auto-off" langid="1"/></Feature>
  </ProductFeature>
  <ProductGallery><ProductPicture No="1" Pic="https://images.example/kt24.jpg"/>
   <ProductPicture No="2" Pic="https://images.example/kt24-2.jpg"/></ProductGallery>
  <SummaryDescription><ShortSummaryDescription langid="1">Halla kettle, 1.7 L
   </ShortSummaryDescription></SummaryDescription>
  <Supplier ID="1" Name="Halla"/>
 </Product>
 <Product Code="-1" ID="?" ErrorMessage="No such product"/>
</ICECAT-interface>
"""

ICECAT_INDEX = b"""<?xml version="1.0" encoding="UTF-8"?>
<ICECAT-interface><files.index Generated="20260101000000">
 <file path="export/freexml/EN/1.xml" Product_ID="1" Updated="20260101000000" Quality="ICECAT"
  Supplier_id="1" Prod_ID="A1" Catid="151" Model_Name="Notebook 14"
  HighPic="https://images.example/1.jpg">
  <M_Prod_ID>A1</M_Prod_ID><EAN_UPCS><EAN_UPC Value="4006381333931"/></EAN_UPCS></file>
 <file path="export/freexml/EN/2.xml" Product_ID="2" Prod_ID="A2" Catid="151" Model_Name="15"/>
</files.index></ICECAT-interface>
"""

SHOPIFY = """\
Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,\
Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,\
Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,\
Image Position,Image Alt Text,SEO Title,Variant Image,Status,\
Fabric (product.metafields.custom.fabric)
shirt,Linen shirt,<p>Light</p>,Halla,Apparel > Shirts,Shirts,"summer, linen",true,Color,Sea blue,\
Size,M,S-BM,250,shopify,4,49.00,59.00,4006381333931,https://cdn.example/a.jpg?v=1,1,Front,\
Linen,https://cdn.example/b.jpg,active,Linen
shirt,,,,,,,,,Sea blue,,L,S-BL,260,shopify,0,49.00,,,https://cdn.example/c.jpg,2,,,,,
shirt,,,,,,,,,Sand,,M,,250,,,45,,,,,,,,,
mug,Mug,,Halla,,Mugs,,true,Title,Default Title,,,MUG,0,,,9.50,,,,,,,,draft,
"""

WOOCOMMERCE = """\
ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Short description,Description,In stock?,Stock,\
Weight (kg),Length (cm),Sale price,Regular price,Categories,Tags,Images,Parent,Upsells,\
Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 1 global,Attribute 2 name,\
Attribute 2 value(s),Attribute 2 visible,Attribute 2 global
10,variable,HOODIE,,Hoodie,1,Warm,<p>Soft\\ncotton</p>,1,,,,,,"Clothing, Clothing > Hoodies",soft,\
"https://shop.example/h-1.jpg, https://shop.example/h-2.jpg",,MUG,Colour,"Red, Blue",1,1,Material,\
"Cotton, Wool",1,1
11,variation,HOODIE-R,4006381333931,Hoodie - Red,1,,,1,3,0.5,,40,45,,,https://shop.example/r.jpg,\
HOODIE,,Colour,Red,,1,,,,
12,variation,,,Hoodie - Blue,1,,,0,,0.5,,,45,,,,id:10,,Colour,Blue,,1,,,,
13,simple,MUG,,Mug,0,,,1,,0.3,9,,12.5,Kitchen,,,,id:10,Made in,"Turku, Finland",1,0,,,,
"""
